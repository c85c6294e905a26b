"""Takes subscribers from a file into the database, a few hundred in each transaction."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from publisher.delivery.keys import Keys
from publisher.delivery.people.outcomes import Counts, Outcome
from publisher.delivery.people.person import PERSON_COLUMNS, Person
from publisher.delivery.people.person_check import Rules, checked_person, report
from publisher.delivery.people.seen import Seen
from publisher.delivery.people.subscribing import Subscribing
from publisher.delivery.store.database import Database, now
from publisher.planning.reader_rows import Row
from publisher.planning.readers import rows_of
from publisher.planning.source import Source
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import Diagnostic

BATCH = 500
"""So many people are kept in one transaction."""

Tell = Callable[[Diagnostic], object]
"""Is told of each mistake when it is found."""


@dataclass(frozen=True)
class Importer:
    """Imports files. With `proven`, each line must prove that its person agreed.

    Without, they are asked before they are written to. A file may be imported again, also
    after it was cut short: what is known already stays as it is.
    """

    database: Database
    keys: Keys
    catalogue: Catalogue
    proven: bool

    def run(self, source: Source, tell: Tell) -> Counts:
        """Take in all good lines of a file. A bad line does not stop the rest.

        Raises `DiagnosedError` before anything is kept when the file as a whole is of no use.
        """
        with self.database.reading() as connection:
            rules = Rules(self.catalogue, now(connection), self.proven)
        counts = Counts()
        with closing(Seen(self.keys)) as seen:
            people = _people(source, rules, seen)
            while batch := tuple(islice(people, BATCH)):
                good = [each for each in batch if isinstance(each, Person)]
                with self.database.writing() as connection:
                    work = Subscribing(connection, self.keys, self.catalogue, self.proven)
                    counts += work.keep(good)
                for each in batch:
                    row = each.row if isinstance(each, Person) else each
                    for mistake in row.diagnostics(source.name):
                        tell(mistake)
                counts[Outcome.REFUSED] += len(batch) - len(good)
        return counts


def _people(source: Source, rules: Rules, seen: Seen) -> Iterator[Person | Row]:
    """The person of each line, or the line with its mistakes."""
    for row in rows_of(source, PERSON_COLUMNS):
        person = checked_person(row, rules)
        if person:
            first = seen.first_line(person.address.key, row.place[0])
            if first != row.place[0]:
                report(row, "D103", f"the address stands in line {first} already", "email")
        if person is None or row.mistakes:
            row.values.clear()  # they may be long, and nobody looks at them again
            yield row
        else:
            yield person
