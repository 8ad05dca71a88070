"""Every kind of change, by its id. docs/checking.md has a section for each."""

from __future__ import annotations

from typing import Final

RULES: Final[dict[str, str]] = {
    # functions
    "function_removed": "A function that clients call is gone.",
    "function_renamed": "A function has another name; a tombstone in the SDKs says which.",
    "function_internal": "A public function became internal.",
    "function_kind_changed": "A query, mutation or action became another of the three.",
    "function_respelled": "A function keeps its path and is spelled otherwise in the Python SDK.",
    "function_added": "A function is new.",
    # arguments
    "args_value_removed": "A value that clients may send is no longer one of those allowed.",
    "args_null_refused": "Null, which clients may send, is refused.",
    "args_type_changed": "An argument takes another kind of value.",
    "args_constraint_tightened": "A bound, length or pattern refuses values that were fine.",
    "args_id_retargeted": "An argument takes ids of another table.",
    "args_variant_removed": "A member of a tagged union is refused.",
    "args_field_removed": "Clients send something that is refused as unknown.",
    "args_field_required": "Something that clients leave out, or do not know, is demanded.",
    "args_static_type_changed": "Calls go on working, but the argument's type in an SDK is another.",
    "args_widened": "More is accepted than before.",
    "args_default_changed": "Leaving an argument out means another value.",
    # results
    "returns_value_added": "Clients may get a value that they do not know.",
    "returns_null_added": "Clients may get null where there was none.",
    "returns_type_changed": "Clients get another kind of value.",
    "returns_id_retargeted": "Clients get ids of another table.",
    "returns_variant_added": "Clients may get a member of a tagged union that they do not know.",
    "returns_field_removed": "Clients miss a field.",
    "returns_static_type_changed": "Deployed clients go on working, but the result's type in an SDK is another.",
    "returns_value_removed": "A value is never sent again; comparing with it no longer compiles.",
    "returns_narrowed": "Less is sent than before, or more fields.",
    # errors
    "errors_value_added": "A field of an error may hold a value that clients do not know.",
    "errors_null_added": "A field of an error may be null.",
    "errors_type_changed": "A field of an error holds another kind of value.",
    "errors_id_retargeted": "A field of an error holds ids of another table.",
    "errors_variant_added": "A field of an error may hold a variant that clients do not know.",
    "errors_field_removed": "An error lost a field.",
    "errors_static_type_changed": "The type of an error's field in an SDK is another.",
    "errors_value_removed": "A field of an error never holds a value again; comparing with it no longer compiles.",
    "errors_narrowed": "An error's fields hold less than before, or there are more of them.",
    "error_removed": "An error class is gone.",
    "error_respelled": "An error keeps its code, and its class has another name.",
    "error_added": "A function may raise an error that it did not raise, or an error is new.",
    # stored documents
    "stored_value_removed": "Documents may hold a value that is no longer one of those allowed.",
    "stored_null_refused": "Documents may hold null, which is refused.",
    "stored_type_changed": "A field of a table holds another kind of value.",
    "stored_constraint_tightened": "A bound, length or pattern refuses what documents may hold.",
    "stored_id_retargeted": "A field of a table holds ids of another table.",
    "stored_variant_removed": "Documents may hold a variant that is refused.",
    "stored_field_removed": "Nested records hold a field that is refused as unknown.",
    "stored_field_required": "Documents lack a field that is demanded.",
    "stored_widened": "A table's documents may hold more than before.",
    "stored_field_forgotten": "A table's field is no longer declared; its values stay in the database.",
    "table_removed": "A table is no longer declared; its documents stay in the database.",
    "table_renamed": "A table has another name; its documents and ids stay.",
    "table_added": "A table is new.",
    "index_became_unique": "Documents may share values that must differ from now on.",
    "index_changed": "An index was added, removed or changed; it is built anew.",
    # names
    "type_name_gone": "A type that consumers import by name is gone or has another name.",
}
