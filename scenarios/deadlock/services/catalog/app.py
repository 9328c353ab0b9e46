"""The catalog: names and descriptions of products, for the shop's pages."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import run_sync
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import sessionmaker

from models import Base, Page

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("CONNECTIONS", "4")),
    max_overflow=0,
    pool_timeout=5,
)
Session = sessionmaker(engine, expire_on_commit=False)


class PageContent(BaseModel):
    """What a product's page says."""

    sku: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=80)
    description: str = Field(default="", max_length=400)


class Pages(BaseModel):
    """Pages to be taken over."""

    items: list[PageContent] = Field(min_length=1)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the table ready before the first request."""
    await run_sync(Base.metadata.create_all, engine)
    yield


app = FastAPI(title="catalog", lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.get("/products/{sku}")
def read_page(sku: str) -> PageContent:
    """A product's page."""
    with Session() as session:
        page = session.get(Page, sku)
    if page is None:
        raise HTTPException(404, f"there is no page for {sku}")
    return PageContent(sku=page.sku, name=page.name, description=page.description)


@app.put("/products")
def take_over(pages: Pages) -> dict[str, int]:
    """Bring pages up to date."""
    rows = insert(Page).values([item.model_dump() for item in sorted(pages.items, key=lambda item: item.sku)])
    with Session.begin() as session:
        session.execute(
            rows.on_conflict_do_update(
                index_elements=[Page.sku],
                set_={"name": rows.excluded.name, "description": rows.excluded.description},
            )
        )
    return {"items": len(pages.items)}
