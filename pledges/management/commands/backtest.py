"""`manage.py backtest`: compare the watch with editors' decisions."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from pledges.jobs import backtest
from pledges.watch.matching.metrics import BANDS, Measured


def share(part: float | None) -> str:
    """A share as the table shows it; a dash if there is none."""
    return "—" if part is None else f"{part:.2f}"


class Command(BaseCommand):
    help = "Replay stored articles against editors' decisions and print how good the watch is. Nothing is stored."

    def handle(self, **_options: object) -> None:
        """Print the total, the bands of probability, and a line for each pledge."""
        total, *each = backtest.replay(now=timezone.now())
        if not total.learned.enough:
            self.stdout.write(f"{total.learned.pairs} decisions: too few to tell. {backtest.ENOUGH} are the least.")
            return
        self.stdout.write(
            f"{total.learned.pairs} decided pairs of article and pledge: {total.learned.relevant} about the pledge "
            f"({total.by_hand} found by hand), {total.learned.irrelevant} not."
        )
        self.stdout.write("Stories that the watch never raised and nobody found by hand are not known here.\n\n")
        self.stdout.write(f"{'':32} {'decided':>8} {'precision':>10} {'recall':>7} {'Brier':>6}")
        self._row("all, with learning", total.learned)
        self._row("all, without learning", total.plain)
        self.stdout.write("\nprobability   pairs   mean given   share about the pledge")
        for begin, band in zip(BANDS, total.learned.bands, strict=True):
            mean = f"{band.mean:.2f}" if band.pairs else "—"
            self.stdout.write(f"{begin:.1f}–{begin + 0.2:.1f} {band.pairs:>12} {mean:>12} {share(band.share):>24}")
        self.stdout.write("\n")
        for result in each:
            if result.learned.enough:
                self._row(result.name, result.learned)
                self._row("  without learning", result.plain)
            else:
                self.stdout.write(f"{result.name:32} {result.learned.pairs:>8} too few decisions to tell")

    def _row(self, name: str, counts: Measured) -> None:
        self.stdout.write(
            f"{name:32} {counts.pairs:>8} {share(counts.precision):>10} {share(counts.recall):>7} "
            f"{share(counts.brier):>6}"
        )
