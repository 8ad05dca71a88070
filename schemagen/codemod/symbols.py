"""The names under which a renamed function or class is known in other modules: imports, re-exports, aliases."""

from __future__ import annotations

import libcst as cst

from schemagen.codemod.program import Class, Definition, Function, Module, Program, Value
from schemagen.codemod.scopes import Defined, Imported, Scope
from schemagen.codemod.targets import CannotRename, Symbol


class Names:
    """Which bindings of a program change their name when one symbol does."""

    def __init__(self, program: Program, target: Symbol) -> None:
        self.program = program
        self.target = target
        found = program.exported(target.module, target.old)
        assert isinstance(found, Class | Function | Value), f"{target.module}.{target.old} is not declared there"
        self.node = identity(found)
        self._changed: dict[Scope, bool] = {}
        self._uses_new: dict[str, cst.Name | None] = {}

    def means_it(self, module: Module, scope: Scope, name: str) -> bool:
        """Whether a name of a scope is the symbol, under whatever name."""
        return identity(self.program.named(module, scope, name)) is self.node

    def changed(self, module: Module, scope: Scope) -> bool:
        """Whether the old name, used in this scope, becomes the new one. Raises `CannotRename`."""
        if not self.means_it(module, scope, self.target.old):
            return False
        home = scope.find(self.target.old)
        if home is None:
            return True  # through `import *`
        if home not in self._changed:
            self._changed[home] = False  # an import that leads back to itself
            self._changed[home] = self._binding_changes(module, home)
        return self._changed[home]

    def exports_changed(self, module_name: str) -> bool:
        """Whether `from module_name import old` has to ask for the new name."""
        module = self.program.module(module_name)
        return module is not None and self.changed(module, module.scopes.module)

    def _binding_changes(self, module: Module, scope: Scope) -> bool:
        for binding in scope.bindings.get(self.target.old, ()):
            if binding is self.node or (isinstance(binding, Defined) and binding.node is self.node):
                self._refuse_collision(module)
                return True
            if isinstance(binding, Imported) and binding.name == self.target.old:
                return self.exports_changed(binding.module) and self.in_the_way(module) is None
        return False

    def _refuse_collision(self, module: Module) -> None:
        taken = self.in_the_way(module)
        if taken is not None:
            line, column = module.line(taken)
            raise CannotRename(
                f'the name "{self.target.new}" is used in {module.source.path} already',
                why="after the rename it would mean another thing there",
                fix=f'rename that one first, or choose another name than "{self.target.new}"',
                path=module.source.path,
                line=line,
                column=column,
            )

    def in_the_way(self, module: Module) -> cst.Name | None:
        """Where a module uses the new name for something else; there the old one stays, as `new as old`."""
        if module.name not in self._uses_new:
            around_uses = self._scopes_around_uses(module)
            names = (n for n in module.scopes.of if isinstance(n, cst.Name) and n.value == self.target.new)
            self._uses_new[module.name] = next((n for n in names if self._meets(n, module, around_uses)), None)
        return self._uses_new[module.name]

    def _meets(self, node: cst.Name, module: Module, around_uses: set[Scope]) -> bool:
        """A variable of one function meets nothing, unless what is renamed is used in there."""
        if not stands_alone(node, module):
            return False
        home = module.scopes.of[node].find(self.target.new)
        return home is None or home is module.scopes.module or home in around_uses

    def _scopes_around_uses(self, module: Module) -> set[Scope]:
        found: set[Scope] = set()
        for node, scope in module.scopes.of.items():
            if isinstance(node, cst.Name) and node.value == self.target.old:
                around: Scope | None = scope
                while around is not None:
                    found.add(around)
                    around = around.parent
        return found


def identity(definition: Definition) -> object:
    """The node of a class or function, the first binding of any other name; None for what is declared elsewhere."""
    match definition:
        case Class(node=node) | Function(node=node):
            return node
        case Value(bindings=bindings):
            return bindings[0]
        case _:
            return None


def stands_alone(node: cst.Name, module: Module) -> bool:
    """Whether a name is looked up or bound; attributes, keywords and members of a class are not."""
    match module.scopes.parents.get(node):
        case cst.Attribute(attr=attr):
            return attr is not node
        case cst.Arg(keyword=keyword):
            return keyword is not node
        case cst.MatchKeywordElement(key=key):
            return key is not node
        case cst.ImportAlias() as alias:
            return alias.asname is None  # imported names without `as` are bound
        case cst.ImportFrom():
            return False
        case cst.AnnAssign(target=target) | cst.AssignTarget(target=target) if target is node:
            return not module.scopes.of[node].of_class
        case cst.FunctionDef(name=name) | cst.ClassDef(name=name) if name is node:
            return not module.scopes.of[node].of_class
        case _:
            return True
