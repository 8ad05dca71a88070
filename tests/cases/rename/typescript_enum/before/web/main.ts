import { Stage } from "@shop/sdk/types";

export const all: Stage[] = Object.values(Stage);
export const open = { Stage, first: Stage.OPEN };
