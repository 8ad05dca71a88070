from schemagen import (
    FIRST,
    Id,
    MutationCtx,
    Page,
    PageRequest,
    QueryCtx,
    ReferencedDocument,
    Table,
    UniqueConflict,
    desc,
    index,
    mutation,
    query,
    ref,
)


class Shelf(Table, name="shelves"):
    name: str


class Book(Table, name="books"):
    shelf_id: Id[Shelf] = ref(on_delete="restrict")
    title: str
    number: int | None = None

    by_number = index("number", unique=True)
    by_shelf = index("shelf_id", "title")


@mutation
async def build(ctx: MutationCtx, *, name: str) -> Id[Shelf]:
    return await ctx.db.insert(Shelf(name=name))


@mutation(raises=[ReferencedDocument])
async def tear_down(ctx: MutationCtx, *, shelf_id: Id[Shelf]) -> None:
    await ctx.db.delete(shelf_id)


@mutation(raises=[UniqueConflict])
async def add(ctx: MutationCtx, *, shelf_id: Id[Shelf], title: str, number: int | None = None) -> Id[Book]:
    return await ctx.db.insert(Book(shelf_id=shelf_id, title=title, number=number))


@mutation
async def remove(ctx: MutationCtx, *, book_id: Id[Book]) -> None:
    await ctx.db.delete(book_id)


@query
async def list_(
    ctx: QueryCtx, *, shelf_id: Id[Shelf], backwards: bool = False, page: PageRequest = FIRST
) -> Page[Book]:
    books = ctx.db.query(Book).where(Book.shelf_id == shelf_id)
    return await books.order_by(desc(Book.title) if backwards else Book.title).paginate(page)
