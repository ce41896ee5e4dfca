"""Help: what this is, how a turn goes, how to read the pictures, keys, words and their law."""

from __future__ import annotations

from typing import Any

from mobilize.app.views.sources import MEANING
from mobilize.conflicts import reference
from mobilize.game.sitting import View
from mobilize.ladder import MINDSETS
from mobilize.metrics import LABEL, ROWS
from mobilize.playing import HONEST
from mobilize.scenario import Scenario
from mobilize.scenario.cells import CONFIDENCES
from mobilize.state import BOUND
from policies.levers import catalogue

SHORTCUTS = (
    {"key": "m", "does": "decide the draft and play a month"},
    {"key": "q", "does": "decide and play a quarter"},
    {"key": "y", "does": "decide and play a year"},
    {"key": "e", "does": "decide and play until something happens"},
    {"key": "u", "does": "take the last turn back"},
    {"key": "d", "does": "discard the draft"},
    {"key": "w", "does": "ask why of the item that is worst off"},
    {"key": "/", "does": "search the levers"},
    {"key": "t", "does": "light or dark colours"},
    {"key": "1-8", "does": "go to a page, in the order of the bar"},
    {"key": "?", "does": "this page"},
    {"key": "Space", "does": "stop a game that runs by itself"},
    {"key": "Esc", "does": "close what is open"},
)
"""Keys that work anywhere but in a field of text."""

TOUR = (
    {
        "title": "Where things stand",
        "text": "What is delivered, in stock, unmet and paid for now. Click a figure to ask why "
        "it is what it is.",
        "selector": "#tiles",
    },
    {
        "title": "What you can move",
        "text": "Every lever says who may move it, what it costs, when it bites and how sure "
        "anyone is of its size. What you set is a draft until you advance.",
        "selector": "#levers",
    },
    {
        "title": "What may lie ahead",
        "text": "The line is the past. The fans are worlds of other luck: as decided, and with "
        "your draft beside it, before you commit to anything.",
        "selector": ".a-charts",
    },
    {
        "title": "Let time pass",
        "text": "Decide the draft and play a month, a quarter or a year, or go on until something "
        "happens. Undo takes the last turn back.",
        "selector": "#advance",
    },
    {
        "title": "What happened",
        "text": "Events, disturbances and what governments and firms decided on their own. The "
        "Log has all of it; Help explains every word.",
        "selector": "#feed",
    },
)
"""The five steps of the first run: what each points at, and what it says."""

TURN = (
    ("Look", "Situation: which item is short, and what binds it. Ask why until you reach a root."),
    ("Draft", "Set levers. Nothing is decided yet; a second fan shows what the draft changes."),
    ("Weigh", "Compare the draft with what is decided over many worlds: what is clear, at what "
              "cost, and what is luck."),
    ("Advance", "Play a month, a quarter or a year. Governments, firms and the challenger answer."),
    ("Learn", "The Log says what was decided and why; After action says what your decisions were "
              "worth. Undo if you want to try the turn again."),
)  # fmt: skip
READING = (
    ("A fan", "The middle line is the median of worlds of other luck; the dark band holds the "
              "middle half of them, the light band 80 %. The game's own luck is never used: "
              "nobody knows what is to come. Where two fans hardly overlap, the draft matters "
              "more than luck; see Compare for the paired difference."),
    ("A difference", "Both packages meet the same luck in every world, so luck cancels. If the "
                     "90 % interval holds 0, we say: no clear difference."),
    ("The network", "Each node is a line: one firm making one item at one plant. Tiers run from "
                    "end items to raw materials. A line is coloured, and named, by what binds it. "
                    "The lit path is the chain from a shortage to its root."),
    ("Why", "The chain of what was short, from what you asked about down to the root, and what "
            "relaxing the root by a fifth would have been worth in the same luck. A lever "
            "anywhere else on the chain does little."),
    ("A waterfall", "What each lever brings, as the mean over the orders in which they could be "
                    "put together (Shapley shares). Beside it: alone, and lost without it."),
)  # fmt: skip
BINDS = {
    "demand": "it makes what is ordered: more capacity would change nothing",
    "equipment": "machines: a project adds them, in years",
    "crew": "trained people: hiring and training, in months",
    "input": "something it is made of does not come: look further up the chain",
    "disturbance": "an accident, attack, strike or the like takes its availability",
    "qualification": "equipment stands, its first articles are not accepted yet",
    "closed": "the firm has left; what is gone has to be built anew",
}
METRICS = {
    "M1": "How long the store that is emptied first lasts in the reference conflict. More is "
          "better; the plan asks for {need} days.",
    "M2": "How long the base takes to make up for that use, for the slowest munition; a "
          "challenger sees only part of the base. Less is better.",
    "M3": "What is delivered against the start, and what is announced for three years ahead. "
          "Announced is not made.",
    "M4": "Share of the lines that feed critical munitions and would fail before they recover. "
          "Less is better.",
    "M5": "Assured: how much of allied capacity would serve the coalition in a crisis. "
          "Dependence: how much of the base rests on allies that might not.",
    "M6": "What the challenger's reasons add up to under each mindset ({mindsets}), side by side, "
          "because nobody knows which one is at work. 50 is indifferent.",
    "M7": "Trust among allies less resentment at home, and the share of requests and promised "
          "loans that were honoured.",
}  # fmt: skip
NOT = (
    "Not a forecast, of production or of war. It shows how things hang together.",
    "Not a secret. Public figures only; most sizes are modelling choices and say so.",
    "Not one score. The metrics stand apart, because adding them up hides the choice.",
    "Not advice on law. The sections cited say where a power comes from; read them.",
)
GLOSSARY: tuple[tuple[str, str, str, str], ...] = (
    ("Allocation", "Government directs who gets how much of a scarce good. Last resort beside "
     "ratings.", "50 USC 4511; 15 CFR 700 subpart F", ""),
    ("AUKUS exemption", "Controlled trade among enrolled users in Australia, the United Kingdom "
     "and the United States without licences.", "22 CFR 126.7", "aukus-exemption-adoption"),
    ("Buy American", "A price factor is added to foreign offers, unless it is waived.",
     "41 USC 8302; DFARS 225.103", "buy-american-waiver"),
    ("CFIUS", "Foreign investment is screened, and may be refused or made to wait.",
     "50 USC 4565", "fdi-screening"),
    ("Continuing resolution", "Money goes on as last year; new starts and higher rates wait.",
     "Article I appropriation", "budget-rhythm"),
    ("Co-production", "A plant abroad makes a system under licence or agreement; it counts after "
     "its first articles.", "22 CFR part 124; 22 USC 2767", "coproduction-abroad"),
    ("DCS, direct commercial sale", "A foreign government buys from the firm; the firm needs an "
     "export licence.", "22 USC 2778; 22 CFR part 123", "sales-channel"),
    ("Defense Production Act", "Titles I (priorities and allocations), III (expanding capacity) "
     "and VII (general, voluntary agreements).", "50 USC chapter 55", "dpa-modernization"),
    ("DO and DX", "The two ratings. DX goes before DO, and DO before what is not rated. DX "
     "needs approval at the top of the department.", "15 CFR 700.11", "dx-tokens"),
    ("DPAS, rated order", "An order with a priority rating. A supplier must accept it unless the "
     "rule lets it refuse, and flows the rating down to its own suppliers.",
     "50 USC 4511; 15 CFR 700.11-700.16", "dpas-rating"),
    ("EAR", "Export rules for dual-use goods, by the Commerce list.", "15 CFR parts 730-774",
     "usml-to-ccl"),
    ("Economic order quantity", "Buying parts of several years' lots at once.", "10 USC 3501",
     "economic-order-quantity"),
    ("First-article test", "The first units of a new line or source are tested before any count. "
     "Until then it delivers nothing.", "FAR subpart 9.3", ""),
    ("FMS, foreign military sale", "A foreign government buys from the United States government, "
     "by a letter of offer and acceptance.", "22 USC 2761 and following", "fms-fast-track"),
    ("ITAR", "Export rules for defense articles, by the munitions list. Licences and agreements "
     "take time.", "22 USC 2778; 22 CFR parts 120-130", "licensing-officers"),
    ("Lead time", "Months from an order to its delivery, for what is not in stock.", "", ""),
    ("Minimum sustaining rate", "The rate below which a line cannot be kept open. Long below it, a "
     "firm leaves. With 1-8-5 (one shift, eight hours, five days) and the maximum, one of three "
     "rates of a line.", "budget exhibit P-21", ""),
    ("Multiyear procurement", "One contract for several years' lots: cheaper, and firms believe "
     "in it.", "10 USC 3501", "contract-type"),
    ("NTIB", "National technology and industrial base: United States, Canada, United Kingdom, "
     "Australia, New Zealand by law; a designation that little follows from by itself.",
     "10 USC 4801", "ntib-use"),
    ("Offset", "A buyer demands work at home for its order.", "partner law", "offset-requirement"),
    ("Preferential scheduling", "A supplier moves rated orders ahead of others as far as their "
     "dates need. It moves goods between customers and makes none.", "15 CFR 700.14",
     "dpas-rating"),
    ("RDP MOU", "Reciprocal defense procurement memorandum: each side's offers count as its own.",
     "10 USC 4851; DFARS 225.872", "rdp-mou-sign"),
    ("SOSA", "Security of supply arrangement: partners ask each other for priority. Not binding "
     "at present; a request into an allied plant may be refused.",
     "bilateral arrangement; 15 CFR 700.57", "sosa-sign"),
    ("Special priorities assistance", "The government helps where a rated order does not move.",
     "15 CFR 700.50-700.55", "special-priorities-assistance"),
    ("Stance", "How a government responds in a crisis when nobody sits in its seat: lead, large "
     "ally, front line or neutral.", "", ""),
    ("Technical assistance agreement", "Approval to share know-how with a foreign firm; before a "
     "plant abroad can be helped to build.", "22 CFR part 124", "licensed-production"),
    ("Title I", "Priorities and allocations of the Defense Production Act.", "50 USC 4511",
     "dpas-rating"),
    ("Title III", "Grants, purchases and commitments that build capacity at domestic sources, "
     "which by law include some allies.", "50 USC 4533, 4552", "title3-award"),
    ("Voluntary agreement", "Firms plan together with relief from antitrust law.", "50 USC 4558",
     "voluntary-agreement"),
)  # fmt: skip
"""Term, meaning, where it stands in the law, and the lever that moves it."""


def help_page(view: View) -> dict[str, Any]:
    """Return what the help page says, as it fits the scenario that is played."""
    scenario = view.game.scenario
    return {
        "title": scenario.title,
        "summary": scenario.summary,
        "honest": HONEST,
        "not": list(NOT),
        "turn": [{"title": title, "text": text} for title, text in TURN],
        "reading": [{"title": title, "text": text} for title, text in READING],
        "binds": [{"title": word, "text": BINDS[word]} for word in BOUND],
        "metrics": metrics(scenario),
        "label": LABEL,
        "confidences": [{"id": word, "text": MEANING[word]} for word in CONFIDENCES],
        "shortcuts": list(SHORTCUTS),
        "glossary": glossary(),
    }


def metrics(scenario: Scenario) -> list[dict[str, Any]]:
    """Return how each metric of deterrence is read; none without a reference conflict."""
    found = reference(scenario)
    if found is None:
        return []
    told = []
    for name, text in METRICS.items():
        rows = [(what, unit) for metric, what, _, unit in ROWS if metric == name]
        if name == "M6" and scenario.challenger is None:
            continue
        said = text.format(need=f"{found.need_days:g}", mindsets=", ".join(MINDSETS))
        told.append({"id": name, "text": said,
                     "rows": [{"name": what, "unit": unit} for what, unit in rows]})  # fmt: skip
    return told


def glossary() -> list[dict[str, str]]:
    """Return the words that need explaining, with their law and what they teach."""
    rows = []
    for term, text, basis, lever in sorted(GLOSSARY, key=lambda row: row[0].casefold()):
        found = catalogue().get(lever)
        rows.append(
            {
                "term": term,
                "text": text,
                "basis": basis,
                "lever": found.title if found else "",
                "lesson": found.lesson if found else "",
                "confidence": found.confidence if found else "",
            }
        )
    return rows
