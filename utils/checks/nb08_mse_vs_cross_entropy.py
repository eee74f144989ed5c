"""Notebook 08: the start vector of cross-entropy, and its value without overflow."""

from collections.abc import Callable
from functools import partial

import numpy as np

from utils.activations import sigmoid, softmax
from utils.checks.exercise import Case, Exercise, Slip

# -------- exercise 1: cross_entropy_start


def cross_entropy_start_with(z, y, p=softmax):
    """(softmax(z) − y)/N, or with another p(z) in the place of softmax."""
    return (p(z) - y) / z.shape[1]


def exponentials_over(axis, shifted=True):
    """The function e^z / Σ e^z with the sum along `axis`; without the shift it overflows."""

    def p(z):
        e = np.exp(z - z.max() if shifted else z)
        return e / e.sum(axis=axis, keepdims=True)

    return p


def exponentials_less_their_row(z):
    """e^z / Σ e^z with the largest entry of each row taken off, which does not cancel."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=0)


def start_of_squared_error(z, y):
    """The start vector of ½‖a − y‖² through the softmax: its Jacobian times a − y."""
    p = softmax(z)
    return p * (p - y - (p * (p - y)).sum(axis=0)) / z.shape[1]


CROSS_ENTROPY_START_SLIPS = (
    Slip("sum-for-mean", "this is softmax(z) − y; the cost is the mean over the N columns, so "
         "divide by N", "give each sample twice: every entry must become half as large.",
         lambda z, y: softmax(z) - y),
    Slip("averaged", "the columns were averaged, too; δ keeps one column a sample, and the "
         "1/N stands in front of each", "print its shape: it must be that of z, K × N.",
         lambda z, y: (softmax(z) - y).mean(axis=1)),
    Slip("averaged-as-a-column", "the columns were averaged, too; δ keeps one column a sample, "
         "and the 1/N stands in front of each", "print its shape: it must be that of z, K × N.",
         lambda z, y: (softmax(z) - y).mean(axis=1, keepdims=True)),
    Slip("wrong-direction", "softmax(z) − y has become y − softmax(z)",
         "raise z of the true class: the cost falls, so that entry must be negative.",
         lambda z, y: -cross_entropy_start_with(z, y)),
    Slip("softmax-over-the-columns", "the softmax was taken along axis 1, over the samples; "
         "each column is a softmax of its own", "add your a up with a.sum(axis=0): each "
         "column must give 1.", partial(cross_entropy_start_with, p=exponentials_over(1))),
    Slip("softmax-over-the-columns-and-overflow", "the exponentials were divided by their sum "
         "along axis 1, over the samples, where each column has a sum of its own; and "
         "exp(1000) overflows", "add your a up with a.sum(axis=0): each column must give 1.",
         partial(cross_entropy_start_with, p=exponentials_over(1, shifted=False))),
    Slip("softmax-over-everything", "the exponentials were divided by the sum of all of them; "
         "each column has a sum of its own", "add your a up with a.sum(axis=0): each column "
         "must give 1.", partial(cross_entropy_start_with, p=exponentials_over(None))),
    Slip("softmax-over-everything-and-overflow", "the exponentials were divided by the sum of "
         "all of them, where each column has a sum of its own; and exp(1000) overflows",
         "add your a up with a.sum(axis=0): each column must give 1.",
         partial(cross_entropy_start_with, p=exponentials_over(None, shifted=False))),
    Slip("overflow", "exp(z) overflows for large z, and infinity divided by infinity is nan",
         "try z = 1000 for every class: a is 1/K. Take the largest entry of each column off "
         "before exp (it cancels), as softmax of utils.activations does.",
         partial(cross_entropy_start_with, p=exponentials_over(0, shifted=False))),
    Slip("squared-error-factor", "the factor a(1 − a) belongs to the squared error of sigmoid "
         "outputs; cross-entropy with softmax has none",
         "be sure and wrong, z = (−20, 20) and y = (1, 0): the entries must be −1 and 1; yours "
         "are nearly 0.",
         lambda z, y: cross_entropy_start_with(z, y) * softmax(z) * (1 - softmax(z))),
    Slip("squared-error", "this is the start vector of the squared error through the softmax; "
         "the logarithm of the cross-entropy is missing",
         "be sure and wrong, z = (−20, 20) and y = (1, 0): the entries must be −1 and 1; yours "
         "are nearly 0.", start_of_squared_error),
    Slip("sigmoid-for-softmax", "the sigmoid was applied to each entry; the softmax compares "
         "the entries of a column", "each column of the answer must sum to 0, because a and y "
         "both sum to 1.", partial(cross_entropy_start_with, p=sigmoid)),
    Slip("divided-by-all-entries", "it was divided by K · N, the number of entries; the mean "
         "is over the N columns only", "give one column: the entry of the true class must be "
         "a − 1. Take z.shape[1], not z.size.",
         lambda z, y: cross_entropy_start_with(z, y) / len(z)),
    Slip("divided-by-rows", "it was divided by K, the number of rows, which is len(z); the "
         "samples are columns, z.shape[1]",
         "give one column: the entry of the true class must be a − 1.",
         lambda z, y: (softmax(z) - y) / len(z)),
    Slip("derivative-by-p", "−y/a is the derivative with respect to a; the Jacobian of the "
         "softmax, from a to z, is still missing",
         "each column of the answer must sum to 0: moving all z together changes no a.",
         lambda z, y: -y / softmax(z) / z.shape[1]),
    Slip("true-class-only", "a − y was multiplied by y, so only the true class is left; every "
         "other z pulls too", "each column of the answer must sum to 0: moving all z together "
         "changes no a.", lambda z, y: y * cross_entropy_start_with(z, y)),
    Slip("shift-of-everything", "the largest entry of *all* z was taken off before exp: in a "
         "column far "
         "below it every exp is 0, and 0/0 is nan", "try the columns (0, 1) and (1000, 1001) "
         "together: each column needs its own largest entry, z.max(axis=0, keepdims=True).",
         partial(cross_entropy_start_with, p=exponentials_over(0))),
    Slip("shift-of-each-row", "the largest entry of each *row* was taken off before exp: that is "
         "another number for each class, and changes a; each column needs its own, "
         "z.max(axis=0, keepdims=True)", "add 100 to the first row of z: a of the first class must "
         "go to 1, and yours does not change.",
         partial(cross_entropy_start_with, p=exponentials_less_their_row)),
    Slip("not-divided-by-the-sum", "the exponentials are not divided by their sum",
         "add your a up with a.sum(axis=0): each column must give 1.",
         partial(cross_entropy_start_with, p=lambda z: np.exp(z - z.max(axis=0)))),
    Slip("not-divided-by-the-sum-and-overflow", "the exponentials are not divided by their sum; "
         "and exp(1000) overflows", "add your a up with a.sum(axis=0): each column must give 1.",
         partial(cross_entropy_start_with, p=np.exp)),
    Slip("softmax-twice", "the softmax was applied twice; z goes into it once",
         "be sure and right, z = (30, −30) and y = (1, 0): every entry must be nearly 0; yours are "
         "−0.27 and 0.27.",
         partial(cross_entropy_start_with, p=lambda z: softmax(softmax(z)))),
    Slip("missing-parentheses-y", "parentheses are missing: in softmax(z) − y / N only y is "
         "divided", "give each sample twice: every entry must become half as large. Write "
         "(softmax(z) − y) / N.",
         lambda z, y: softmax(z) - y / z.shape[1]),
    Slip("missing-parentheses-p", "only softmax(z) is divided by N, and y is not",
         "give each sample twice: every entry must become half as large. Write "
         "(softmax(z) − y) / N.",
         lambda z, y: softmax(z) / z.shape[1] - y),
    Slip("squared-error-of-sigmoids", "this is the start vector of the squared error behind a "
         "sigmoid, (a − y) a (1 − a); here a is a softmax and the loss cross-entropy",
         "be sure and wrong, z = (−20, 20) and y = (1, 0): the entries must be −1 and 1; yours "
         "are nearly 0.",
         lambda z, y: (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / z.shape[1]),
    Slip("divided-twice", "it was divided by N twice", "give each sample twice: every entry must "
         "become half as large, and yours a quarter.",
         lambda z, y: cross_entropy_start_with(z, y) / z.shape[1]),
    Slip("twice", "everything is twice too large: cross-entropy has no square whose 2 comes down",
         "give one column: the entry of the true class must be a − 1.",
         lambda z, y: 2 * cross_entropy_start_with(z, y)),
    Slip("loss", "this is the cost itself; its derivative with respect to z is asked for",
         "print the shape of your answer: it must be that of z, K × N.",
         lambda z, y: -(y * np.log(softmax(z))).sum(axis=0).mean()),
    Slip("losses", "these are the costs of the columns; the derivative with respect to z is asked "
         "for", "print the shape of your answer: it must be that of z, K × N.",
         lambda z, y: -(y * np.log(softmax(z))).sum(axis=0)),
    Slip("log-for-softmax", "the logarithm of a stands where a belongs",
         "each column of the answer must sum to 0, because a and y both sum to 1.",
         partial(cross_entropy_start_with, p=lambda z: np.log(softmax(z)))),
    Slip("no-labels", "this is softmax(z)/N; the labels are missing",
         "change y: the answer must change.", lambda z, y: softmax(z) / z.shape[1]),
    Slip("no-softmax", "this is (z − y)/N, without the softmax",
         "each column of the answer must sum to 0, because a and y both sum to 1.",
         partial(cross_entropy_start_with, p=np.copy)),
)  # fmt: skip


def cross_entropy_start_cases(rng):
    def arguments(K, N):
        return 2 * rng.normal(size=(K, N)), np.eye(K)[:, rng.integers(K, size=N)]

    return [
        Case("3 classes, 3 columns", arguments(3, 3)),
        Case("4 classes, one column", arguments(4, 1)),
        Case(
            "columns far apart",
            (np.array([[0.0, 1000.0, -900.0], [1.0, 1001.0, -902.0]]), np.eye(2)[:, [0, 1, 0]]),
        ),
    ]


cross_entropy_start = Exercise(
    "cross_entropy_start",
    cross_entropy_start_with,
    CROSS_ENTROPY_START_SLIPS,
    cross_entropy_start_cases,
    takes=("z", "y"),
)


# -------- exercise 2: stable_cross_entropy


def stable_cross_entropy_with(
    z, y, large=lambda z: np.maximum(z, 0), exponent=lambda z: -np.abs(z)
):
    """−y log σ(z) − (1 − y) log(1 − σ(z)) as max(z, 0) − yz + log(1 + e^−|z|)."""
    return large(z) - y * z + np.log1p(np.exp(exponent(z)))


def logs_from_z(z):
    """log σ(z) and log(1 − σ(z)), without forming σ."""
    return -np.logaddexp(0, -z), -np.logaddexp(0, z)


def logs_of_output(z, output=sigmoid):
    """log a and log(1 − a) of a = σ(z), which is 1 to the last digit long before z = 1000."""
    a = output(z)
    return np.log(a), np.log(1 - a)


def logs_by_hand(z):
    """The same with 1/(1 + e^−z), which is 0 at z = −1000; the library's σ is 10^−308 there."""
    return logs_of_output(z, lambda z: 1 / (1 + np.exp(-z)))


def logs_kept_away(z, tiny):
    """log a and log(1 − a), with a kept between `tiny` and 1 − `tiny`."""
    return logs_of_output(z, lambda z: np.clip(sigmoid(z), tiny, 1 - tiny))


def logs_kept_from_0_alone(z, tiny):
    """log max(a, tiny) and log max(1 − a, tiny)."""
    a = sigmoid(z)
    return np.log(np.maximum(a, tiny)), np.log(np.maximum(1 - a, tiny))


def logs_with_something_added(z, tiny):
    """log a and log(1 − a), with `tiny` added inside both."""
    a = sigmoid(z)
    return np.log(a + tiny), np.log(1 - a + tiny)


def cross_entropy_by(logs, z, y):
    """−y log a − (1 − y) log(1 − a), with the two logarithms from a function of z."""
    log_a, log_rest = logs(z)
    return -y * log_a - (1 - y) * log_rest


# What is left of −y log a − (1 − y) log(1 − a), by what goes wrong with it.
FLAWED_TERMS: tuple[tuple[str, str, str, Callable], ...] = (
    (
        "opposite-sign",
        "the minus signs are lost: this is y log σ + (1 − y) log(1 − σ)",
        "a logarithm of a probability is never above 0, so a cross-entropy is never below.",
        lambda y, log_a, log_rest: y * log_a + (1 - y) * log_rest,
    ),
    (
        "second-term-forgotten",
        "only −y log σ(z) is there; the term with 1 − y is missing",
        "put y = 0 and z = 5: a sure, wrong answer costs 5.0067; you get 0.",
        lambda y, log_a, log_rest: -y * log_a,
    ),
    (
        "labels-exchanged",
        "y and 1 − y are exchanged",
        "put y = 1 and z = 5: a sure, right answer costs 0.0067; you get 5.0067.",
        lambda y, log_a, log_rest: -(1 - y) * log_a - y * log_rest,
    ),
    (
        "sign-of-the-second-term",
        "the second term is added; both have a minus sign",
        "put y = 0 and z = 5: a sure, wrong answer costs 5.0067; you get −5.0067.",
        lambda y, log_a, log_rest: -y * log_a + (1 - y) * log_rest,
    ),
)


def in_three_ways(name: str, says: str, see: str, terms: Callable) -> tuple[Slip, ...]:
    """A slip in the two terms, with logarithms from z, or of the output, which fail at ±1000."""
    failing = f"{says}; and the logarithms are those of σ(z), which is 0 or 1 at z = ±1000"
    ways = (
        (name, says, logs_from_z),
        (f"{name}-log-of-the-output", failing, logs_of_output),
        (f"{name}-log-of-the-output-by-hand", failing, logs_by_hand),
    )
    return tuple(
        Slip(called, said, see, lambda z, y, logs=logs: terms(y, *logs(z)))
        for called, said, logs in ways
    )


def in_two_cases(z, y, large, small):
    """`large(z, y)` where z ≥ 0 and `small(z, y)` elsewhere, each beside log(1 + e^−|z|)."""
    return np.where(z < 0, small(z, y), large(z, y)) + np.log1p(np.exp(-np.abs(z)))


def right_above(z, y):
    """What stands beside log(1 + e^−z)."""
    return (1 - y) * z


STABLE_CROSS_ENTROPY_SLIPS = (
    Slip("log-of-the-output", "the logarithms are those of σ(z) and 1 − σ(z); at z = 1000 σ is "
         "1 to the last digit, and log 0 is infinite",
         "try z = 1000, y = 0: it should be 1000. The form max(z, 0) − yz + log(1 + e^−|z|) "
         "never forms σ.",
         partial(cross_entropy_by, logs_of_output)),
    Slip("log-of-the-output-by-hand", "the logarithms are those of σ(z) and 1 − σ(z); at "
         "z = ±1000 σ is 0 or 1 to the last digit, and log 0 is infinite",
         "try z = −1000, y = 1: it should be 1000. The form max(z, 0) − yz + log(1 + e^−|z|) "
         "never forms σ.", partial(cross_entropy_by, logs_by_hand)),
    *(slip for flawed in FLAWED_TERMS for slip in in_three_ways(*flawed)),
    # log σ does not occur in this one: by hand or not is the same
    *in_three_ways(
        "first-term-forgotten", "only −(1 − y) log(1 − σ(z)) is there; the term with y is "
        "missing", "put y = 1 and z = −5: a sure, wrong answer costs 5.0067; you get 0.",
        lambda y, log_a, log_rest: -(1 - y) * log_rest)[:2],
    Slip("overflow", "log(1 + e^z) − yz is right, but e^z overflows for large z",
         "try z = 1000, y = 1: it should be 0. Take z out of the logarithm where it is "
         "positive: max(z, 0) + log(1 + e^−|z|).",
         lambda z, y: np.log1p(np.exp(z)) - y * z),
    Slip("overflow-below", "log(1 + e^−z) + (1 − y)z is right, but e^−z overflows for large "
         "negative z", "try z = −1000, y = 0: it should be 0. Write e^−|z|, which never "
         "exceeds 1.", lambda z, y: np.log1p(np.exp(-z)) + (1 - y) * z),
    Slip("no-maximum", "max(z, 0) is missing: log(1 + e^−|z|) alone is log(1 + e^z) only for "
         "z < 0", "try z = 5, y = 0: it should be 5.0067, and you get 0.0067.",
         partial(stable_cross_entropy_with, large=np.zeros_like)),
    Slip("absolute-for-maximum", "|z| stands where max(z, 0) belongs",
         "try z = −5, y = 0: it should be 0.0067, and you get 5.0067.",
         partial(stable_cross_entropy_with, large=np.abs)),
    Slip("minimum-for-maximum", "min(z, 0) stands where max(z, 0) belongs",
         "try z = 5, y = 0: it should be 5.0067, and you get 0.0067.",
         partial(stable_cross_entropy_with, large=lambda z: np.minimum(z, 0))),
    Slip("no-absolute", "e^−z stands beside max(z, 0) where e^−|z| belongs",
         "try z = −5, y = 0: it should be 0.0067, and you get 5.0067.",
         partial(stable_cross_entropy_with, exponent=np.negative)),
    Slip("exponent-of-z", "e^z stands beside max(z, 0) where e^−|z| belongs: what is taken out "
         "of the logarithm must leave it", "try z = 5, y = 0: it should be 5.0067, and you get "
         "10.0067.", partial(stable_cross_entropy_with, exponent=np.positive)),
    Slip("exponent-without-minus", "e^|z| stands where e^−|z| belongs: the minus is lost",
         "try z = 5, y = 0: it should be 5.0067, and you get 10.0067.",
         partial(stable_cross_entropy_with, exponent=np.abs)),
    Slip("same-term-below", "for z < 0, too, (1 − y)z stands beside the logarithm; but the −z that "
         "comes out of it makes −yz of that", "try z = −5, y = 0: it should be 0.0067, and you get "
         "−4.9933.", partial(in_two_cases, large=right_above, small=right_above)),
    Slip("taken-out-with-plus", "for z < 0, z was added for what is taken out of the logarithm; "
         "log e^−z is −z", "try z = −5, y = 0: it should be 0.0067, and you get −9.9933.",
         partial(in_two_cases, large=right_above, small=lambda z, y: z + right_above(z, y))),
    Slip("nothing-below", "for z < 0 nothing stands beside the logarithm; −yz belongs there",
         "try z = −5, y = 1: it should be 5.0067, and you get 0.0067.",
         partial(in_two_cases, large=right_above, small=lambda z, y: 0 * z)),
    Slip("absolute-below", "for z < 0, (1 − y)|z| stands beside the logarithm; −yz belongs there",
         "try z = −5, y = 0: it should be 0.0067, and you get 5.0067.",
         partial(in_two_cases, large=right_above, small=lambda z, y: -right_above(z, y))),
    Slip("cases-exchanged", "the two cases are exchanged: each form stands where its exponential "
         "overflows", "try z = 1000, y = 1: it should be 0, and you get infinity.",
         lambda z, y: np.where(z < 0, np.log1p(np.exp(-z)) + right_above(z, y),
                               np.log1p(np.exp(z)) - y * z)),
    Slip("no-labels", "− yz is missing: y does not occur", "change y: the answer must change.",
         lambda z, y: stable_cross_entropy_with(z, 0 * y)),
    Slip("plus-yz", "yz is added; it has to be subtracted",
         "try z = 5, y = 1: it should be 0.0067, and you get 10.0067.",
         lambda z, y: stable_cross_entropy_with(z, -y)),
    Slip("mean", "this is the mean; the value of each column is asked for, (1, N)",
         "print the shape of your answer beside the shape of z.",
         lambda z, y: stable_cross_entropy_with(z, y).mean()),
    Slip("sum", "this is the sum; the value of each entry is asked for, an array like z",
         "print the shape of your answer beside the shape of z.",
         lambda z, y: stable_cross_entropy_with(z, y).sum()),
    Slip("divided-by-N", "it was divided by the number of columns; the value of each entry is "
         "asked for, not a mean", "give each column twice: no entry may change; yours are halved.",
         lambda z, y: stable_cross_entropy_with(z, y) / z.shape[1]),
    Slip("one-twice", "np.log1p adds the 1 itself: np.log1p(1 + …) is log(2 + …)",
         "try z = 1000, y = 1: it should be 0, and you get 0.69.",
         lambda z, y: np.maximum(z, 0) - y * z + np.log1p(1 + np.exp(-np.abs(z)))),
    Slip("no-logarithm", "log(1 + e^−|z|) is missing: max(z, 0) − yz is right for large |z| only",
         "try z = 0, y = 1: it should be log 2 = 0.6931, and you get 0.",
         lambda z, y: np.maximum(z, 0) - y * z),
    Slip("logarithm-subtracted", "log(1 + e^−|z|) is subtracted; it has to be added",
         "try z = 0, y = 1: it should be log 2 = 0.6931, and you get −0.6931.",
         lambda z, y: np.maximum(z, 0) - y * z - np.log1p(np.exp(-np.abs(z)))),
    Slip("maximum-of-minus-z", "max(−z, 0) stands where max(z, 0) belongs",
         "try z = 5, y = 0: it should be 5.0067, and you get 0.0067.",
         partial(stable_cross_entropy_with, large=lambda z: np.maximum(-z, 0))),
    Slip("labels-plus-minus-one", "log(1 + e^−yz) is the form for labels −1 and 1; here they are "
         "0 and 1, so it would take 2y − 1 for y",
         "try z = 5, y = 0: it should be 5.0067, and you get 0.6931.",
         lambda z, y: np.logaddexp(0, -y * z)),
    *(Slip(f"nan-to-num{how}", "np.nan_to_num has made the largest number there is, 1.8e308, "
           "out of an infinity: that is finite, and wrong. The logarithms are those of σ(z), which "
           "is 0 or 1 at z = ±1000", "try z = 1000, y = 0: it should be 1000.",
           lambda z, y, logs=logs: np.nan_to_num(cross_entropy_by(logs, z, y)))
      for how, logs in (("", logs_of_output), ("-by-hand", logs_by_hand))),
    *(Slip(f"z-kept-within-{far}", f"z was kept between −{far} and {far}: no overflow any more, "
           "but beyond that the cost goes on growing, and yours does not",
           f"try z = 1000, y = 0: it should be 1000, and you get {far}.",
           lambda z, y, far=far: stable_cross_entropy_with(np.clip(z, -far, far), y))
      for far in (20, 30, 50, 100, 500, 700, 709)),
    Slip("derivative", "σ(z) − y is the derivative; the value itself is asked for",
         "try z = 0, y = 1: it should be log 2 = 0.6931, and you get −½.",
         lambda z, y: sigmoid(z) - y),
    Slip("max-for-maximum", "np.max(z, 0) is the largest entry along axis 0; the larger of z "
         "and 0, entry by entry, is np.maximum(z, 0)", "put z = −1, y = 0: it should be "
         "log(1 + 1/e) = 0.31, and you get −0.69.",
         partial(stable_cross_entropy_with, large=lambda z: np.max(z, 0))),
    *(Slip(f"clipped-at-{tiny:g}", f"σ(z) was kept between {tiny:g} and 1 − {tiny:g}, or "
           f"{tiny:g} was added inside the logarithms: that is finite, and wrong where σ is "
           "nearer to 0 or 1", "try z = 1000, y = 0: it should be 1000, and you get "
           f"{-np.log(tiny):.1f}.",
           partial(cross_entropy_by, partial(logs_kept_away, tiny=tiny)))
      for tiny in (1e-15, 1e-12, 1e-10, 1e-7)),
    # for 1e-10 the two are the same to rounding
    *(Slip(f"{tiny:g}-added", f"{tiny:g} was added inside the logarithms: that is finite, and "
           "wrong where σ is nearer to 0 or 1", "try z = 1000, y = 0: it should be 1000, and "
           f"you get {-np.log(tiny):.1f}.",
           partial(cross_entropy_by, partial(logs_with_something_added, tiny=tiny)))
      for tiny in (1e-15, 1e-12, 1e-7)),
    *(Slip(f"{tiny:.2g}-inside", f"{tiny:.2g} was added inside the logarithms, or σ(z) kept so "
    "far from 0 "
           "and 1: that is finite, and wrong where σ is nearer to 0 or 1",
           f"try z = −1000, y = 1: it should be 1000, and you get {-np.log(tiny):.1f}.",
           partial(cross_entropy_by, partial(logs, tiny=tiny)))
      for tiny in (1e-300, 1e-100, 1e-50, 1e-30, 1e-20, 1e-16, 2.0**-52, 1e-14, 1e-13, 1e-11, 1e-9,
                   1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
      for logs in (logs_kept_away, logs_with_something_added, logs_kept_from_0_alone)),
)  # fmt: skip


def stable_cross_entropy_cases(rng):
    large = np.array([[-1000.0, 1000.0, -1000.0, 1000.0, 30.0]])
    return [
        Case("3 rows, 4 columns",
             (2 * rng.normal(size=(3, 4)), rng.integers(2, size=(3, 4)).astype(float))),
        Case("one column", (np.array([[-0.7]]), np.array([[1.0]]))),
        Case("z from −1000 to 1000", (large, np.array([[1.0, 0.0, 0.0, 1.0, 1.0]]))),
    ]  # fmt: skip


stable_cross_entropy = Exercise(
    "stable_cross_entropy",
    stable_cross_entropy_with,
    STABLE_CROSS_ENTROPY_SLIPS,
    stable_cross_entropy_cases,
    takes=("z", "y"),
)
