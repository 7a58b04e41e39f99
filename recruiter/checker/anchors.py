"""The person test: is this said of a person, or of a thing somebody worked on, or of work that was done?"""

from collections.abc import Mapping, Sequence

from recruiter.checker.reading import Word

_REACH = 24


def is_said_of_person(
    words: Sequence[Word], first: int, lists: Mapping[str, frozenset[str]], names: frozenset[str]
) -> bool:
    """Say whether what begins at word ``first`` is said of a person.

    Walks back to whom or what the verb belongs to. A sentence without a subject ("probably too old") counts as said
    of the person, since notes are written like that.
    """
    if words[first].form in lists["addressed"]:
        return True
    tied, joined, acted = False, words[first].after_pause, False
    for index in range(first - 1, max(-1, first - 1 - _REACH), -1):
        word = words[index]
        form = word.form.partition("'")[0]
        if word.sentence != words[first].sentence:
            break
        if form in lists["person"] or form in names:
            # "The servers you moved were old": the person acts in a clause about the thing before it.
            return not (acted and index > 0 and _is_thing(words[index - 1].form, lists, loose=word.after_pause))
        if form == "who":
            return index == 0 or words[index - 1].form not in lists["served"]
        if _is_thing(word.form, lists, loose=joined and not tied):
            return False
        acted = acted or (tied and form.endswith("ed") and form not in lists["tie"])
        tied = tied or form in lists["tie"]
        joined = joined or form in lists["joining"] or word.after_pause
    return True


def _is_thing(form: str, lists: Mapping[str, frozenset[str]], *, loose: bool) -> bool:
    """Say whether a word on the way back is what the sentence is about; ``loose`` when it may be a mere neighbour."""
    if form in lists["thing_subject"]:
        return True
    is_passed = any(form in lists[name] for name in ("tie", "light", "joining")) or form.endswith(("ly", "ed"))
    return not (is_passed or loose)


def deeds(words: Sequence[Word], lists: Mapping[str, frozenset[str]]) -> frozenset[int]:
    """Return the sentences that tell of the candidate's work ("You have taught blind children", "Your talk on asthma").

    What such a sentence names is the content of a job, and no ground of anybody.
    """
    found, sentence = set(), -1
    for index, word in enumerate(words):
        opens = word.sentence != sentence
        sentence = word.sentence
        is_deed = (opens or word.after_pause) and word.form in lists["you"] and _is_deed(words, index, lists)
        if is_deed or (opens and word.form == "your" and _is_work(words, index, lists)):
            found.add(sentence)
    return frozenset(found)


def _is_deed(words: Sequence[Word], index: int, lists: Mapping[str, frozenset[str]]) -> bool:
    for place, word in enumerate(words[index + 1 : index + 5], index + 1):
        if word.sentence != words[index].sentence:
            return False
        if word.form not in lists["filler"]:
            is_past = word.form.endswith("ed") and word.form not in lists["no_deed"]
            return is_past or word.form in lists["deed"] or _is_done_to(words, place, lists)
    return False


def _is_work(words: Sequence[Word], index: int, lists: Mapping[str, frozenset[str]]) -> bool:
    """Say whether "your" opens a sentence about something that was made about something else ("Your talk on")."""
    after = [word.form for word in words[index + 1 : index + 6] if word.sentence == words[index].sentence]
    for made, about, what in zip(after, after[1:], after[2:], strict=False):
        if made in lists["made_work"]:
            return about in lists["about"] and what not in lists["own"]
    return False


def _is_done_to(words: Sequence[Word], place: int, lists: Mapping[str, frozenset[str]]) -> bool:
    """Say whether a verb that is only sometimes a deed is one here: "told the driver", and not "told the panel"."""
    if words[place].form not in lists["deed_to"]:
        return False
    after = [word.form for word in words[place + 1 : place + 5] if word.sentence == words[place].sentence]
    if after and after[0] in lists["towards"]:
        del after[0]
    return len(after) > 1 and after[0] in lists["article"] and lists["no_object"].isdisjoint(after[1:3])
