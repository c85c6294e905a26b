"""The pages about the site itself: home, search, about, and the one for a wrong address."""

from collections.abc import Iterator, Sequence

from publisher.planning.plan import RULE
from publisher.records.catalogue import Catalogue
from publisher.site.careers import CareerPages
from publisher.site.draft import Draft
from publisher.site.schema import website


def general_drafts(
    catalogue: Catalogue, careers: Sequence[CareerPages], root: str
) -> Iterator[Draft]:
    """These pages. `root` is the public address of the site."""
    publication = catalogue.publication
    count = sum(len(career.records.paths) for career in careers)
    yield Draft(
        address="",
        template="home.html",
        title=publication.title,
        description=f"{count} paths into {len(careers)} careers: what carries over, what is "
        "missing, and a plan by weeks. Free to read, and computed for you if you like.",
        current="careers",
        data=website(publication, root),
    )
    yield Draft(
        address="search/",
        template="search.html",
        title="Search",
        description="Search the careers, paths, modules, skills and terms of the guides.",
        current="search",
    )
    yield Draft(
        address="about/",
        template="about.html",
        title="About and imprint",
        description="Who publishes the guides, how they are made, and what is an estimate.",
        context={"rule": RULE, "publication": publication},
        kind="About",
    )
    yield Draft(
        address="404.html",
        template="not-found.html",
        title="There is no such page",
        description="The address leads nowhere.",
    )
