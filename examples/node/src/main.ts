/**
 * A TypeScript consumer of the CRM: adds a contact, meets a typed error, and prints live results.
 *
 *     npm start http://127.0.0.1:8000 "$(schemagen token owner@acme.example)"
 */

import { Client, isAppError } from "@crm/backend";
import { api } from "@crm/backend/api";
import type { ContactPage } from "@crm/backend/types";

const [url, token, results = "Infinity"] = process.argv.slice(2);
if (!url || !token) throw new Error("usage: npm start <url> <token> [number of results]");

const crm = new Client(url);
crm.setAuth(() => token);

const me = await crm.query(api.users.me);
console.log(`${me.fullName} is ${me.role?.name} at ${me.company?.name}`);
await addGrace(crm);
await watchLeads(crm, Number(results));
crm.close();

/** Add a contact; errors of the backend are told apart by their code, and their data is typed. */
async function addGrace(crm: Client): Promise<void> {
  try {
    const contactId = await crm.mutation(api.contacts.create, {
      fullName: "Grace Hopper",
      email: "grace@cobol.example",
      channel: "event",
    });
    const details = await crm.query(api.contacts.get, { contactId });
    console.log(`added ${details.contact.fullName}, who belongs to ${details.owner.fullName}`);
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.code === "already_exists") console.log(`not added: ${error.data.value} is taken`);
    else if (error.code === "forbidden") console.log(`not added: that takes the permission ${error.data.permission}`);
    else throw error;
  }
}

/** Print the leads now, and again whenever anybody changes them, until that happened so many times. */
function watchLeads(crm: Client, results: number): Promise<void> {
  let left = results;
  return new Promise((resolve, reject) => {
    const stop = crm.watch(
      api.contacts.list,
      { stage: "lead" },
      (page) => {
        console.log(describe(page));
        left -= 1;
        if (left > 0) return;
        stop();
        resolve();
      },
      reject,
    );
  });
}

/** One line for a page of contacts. */
function describe(page: ContactPage): string {
  const names = page.items.slice(0, 4).map((contact) => contact.fullName);
  return `live: ${page.items.length} ${page.nextCursor ? "or more " : ""}leads: ${names.join(", ")}, …`;
}
