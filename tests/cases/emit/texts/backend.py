r'''Text that would like to leave its quotes: """ ''' r"""and ''' and \ and */ and ${x}."""

from enum import Enum
from typing import Literal

from pydantic import BaseModel, Field

from schemagen import AppError, QueryCtx, query

Quotes = Literal['"', "'", '"""', "\\", "\n", "\t", "*/", "${x}", "{x}", "%s", "\x7f", "\u2028", "ünï 漢字 👩‍🚀"]


class Odd(BaseModel):
    '''Ends in a quote "'''

    empty_key: int = Field(alias="")
    dashed: int = Field(default=1, alias="with-dash")
    quoted: int = Field(default=2, alias='"')
    back: str = Field(default='\\"""', alias="\\")
    """"Begins and ends in quotes\""""


class Sign(Enum):
    """Signs """

    STAR = "*/"
    SLASH = "\\"
    QUOTE = '"""'


class Broken(AppError):
    '''{what} broke: """ and \\ and {nothing}'''

    what: str


@query
async def quotes(ctx: QueryCtx, *, quote: Quotes = '"""', sign: Sign = Sign.STAR) -> Odd | None:
    '''Text with """, with \\, with \\N{DIGIT ONE} and with a tab	in it.

        It is indented,
    and it ends in a backslash and a quote \\"'''


@query(deprecated='say """ no more \\')
async def old(ctx: QueryCtx) -> None:
    """
    Starts on the second line.

    >>> print("hi")
    hi
    """


@query
async def rtl(ctx: QueryCtx) -> None:
    "Turns \u202e around, rings \x07 and has half a pair: \\ud800"
