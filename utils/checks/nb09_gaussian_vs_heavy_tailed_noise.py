"""Notebook 09: the pull of Student's noise, and one step of reweighted least squares."""

import math
from functools import partial

import numpy as np

from utils.checks.exercise import Case, Exercise, Slip

# -------- exercise 1: student_psi


def right_student_psi(r, nu):
    """−d/dr of log(1 + r²/ν)^(−(ν+1)/2), the logarithm of Student's density."""
    return (nu + 1) * r / (nu + r**2)


def minus_slope_of_density(r, nu, constant=True):
    """−f′(r) of Student's density, which is ψ(r) f(r)."""
    f = (1 + r**2 / nu) ** (-(nu + 1) / 2)
    if constant:
        f = f * math.gamma((nu + 1) / 2) / math.gamma(nu / 2) / math.sqrt(nu * math.pi)
    return right_student_psi(r, nu) * f


STUDENT_PSI_SLIPS = (
    Slip("nu-for-nu-plus-1", "ν stands above the line where ν + 1 belongs",
         "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get ¾.",
         lambda r, nu: nu * r / (nu + r**2)),
    Slip("opposite-sign", "this is the derivative of log f; ψ is that of −log f",
         "ψ has the sign of r: at r = 1 it is 1; you get −1.",
         lambda r, nu: -right_student_psi(r, nu)),
    Slip("weight", "this is the weight ψ(r)/r; the factor r is missing",
         "the density is flat at r = 0, so ψ is 0 there; for ν = 3 you get 4/3.",
         lambda r, nu: (nu + 1) / (nu + r**2)),
    Slip("no-square", "ν + r stands below the line where ν + r² belongs",
         "ψ(−r) is −ψ(r): for ν = 3 and r = ±2 it is ±8/7; you get 8/5 and −8.",
         lambda r, nu: (nu + 1) * r / (nu + r)),
    Slip("one-for-nu", "1 + r² stands below the line where ν + r² belongs",
         "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 2.",
         lambda r, nu: (nu + 1) * r / (1 + r**2)),
    Slip("half", "this is half of it: the exponent (ν + 1)/2 is halved, but the derivative of "
         "r² brings a 2", "at r = 1, ψ is 1 whatever ν is; you get ½.",
         lambda r, nu: right_student_psi(r, nu) / 2),
    Slip("cauchy", "this is 2r/(1 + r²), which is ψ for ν = 1, and ν does not occur",
         "for ν = 3 and r = 2 it is 8/7; you get 4/5.", lambda r, nu: right_student_psi(r, 1)),
    Slip("nu-is-3", "ν = 3 was taken whatever ν is; the function is given nu",
         "change nu: the answer must change.", lambda r, nu: right_student_psi(r, 3)),
    Slip("exponent-forgotten", "the exponent (ν + 1)/2 is missing in front: log f is −(ν + 1)/2 "
         "times log(1 + r²/ν)", "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get ½.",
         lambda r, nu: 2 * r / (nu + r**2)),
    Slip("absolute-value", "|r| stands above the line where r belongs",
         "ψ(−r) is −ψ(r); yours is the same for both.",
         lambda r, nu: np.abs(right_student_psi(r, nu))),
    Slip("gauss", "r itself is ψ of normal noise; Student's comes back to 0 for large r",
         "for ν = 3 and r = 100 it is 0.04; you get 100.", lambda r, nu: +r),
    Slip("inner-nu-forgotten", "it is ν times too large: the derivative of r²/ν is 2r/ν, not "
         "2r", "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 3.",
         lambda r, nu: nu * right_student_psi(r, nu)),
    Slip("inner-derivative-forgotten", "the derivative of the inner r²/ν is missing in the "
         "chain rule", "the density is flat at r = 0, so ψ is 0 there; for ν = 3 you get 2.",
         lambda r, nu: (nu + 1) / 2 / (1 + r**2 / nu)),
    Slip("loss", "this is −log f itself, without its constant; the derivative is asked for",
         "ψ(−r) is −ψ(r); yours is the same for both.",
         lambda r, nu: (nu + 1) / 2 * np.log1p(r**2 / nu)),
    Slip("r-squared-above", "r² stands above the line where r belongs",
         "ψ(−r) is −ψ(r); yours is the same for both.", lambda r, nu: r * right_student_psi(r, nu)),
    Slip("derivative-of-the-density", "this is −f′(r); ψ is −(log f)′ = −f′/f",
         "at r = 100 ψ is 0.04 for ν = 3; −f′ is nearly 0 there.", minus_slope_of_density),
    Slip("derivative-of-the-density-without-its-constant", "this is −f′(r), without the constant "
         "of "
         "the density; ψ is −(log f)′ = −f′/f, in which constants cancel",
         "at r = 100 ψ is 0.04 for ν = 3; −f′ is nearly 0 there.",
         partial(minus_slope_of_density, constant=False)),
    Slip("density", "this is the density itself (or without its constant); ψ = −(log f)′ is asked "
         "for",
         "the density is largest at r = 0, where ψ is 0.",
         lambda r, nu: (1 + r**2 / nu) ** (-(nu + 1) / 2)),
    Slip("log-density", "this is log f without its constant; −(log f)′ is asked for",
         "ψ(−r) is −ψ(r); yours is the same for both.",
         lambda r, nu: -(nu + 1) / 2 * np.log(1 + r**2 / nu)),
    Slip("exponent-nu-minus-1", "ν − 1 stands above the line where ν + 1 belongs",
         "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get ½.",
         lambda r, nu: (nu - 1) * r / (nu + r**2)),
    Slip("nu-plus-1-below", "ν + 1 + r² stands below the line where ν + r² belongs",
         "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 0.8.",
         lambda r, nu: (nu + 1) * r / (nu + 1 + r**2)),
    Slip("minus-below", "ν − r² stands below the line where ν + r² belongs",
         "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 2.",
         lambda r, nu: (nu + 1) * r / (nu - r**2)),
    Slip("laplace", "this is the sign of r, ψ of Laplace noise; Student's is smooth",
         "for ν = 3 and r = 2 it is 8/7; you get 1.", lambda r, nu: np.sign(r)),
    Slip("huber", "this is r, cut off; Student's ψ comes back to 0 for large r",
         "for ν = 3 and r = 100 it is 0.04.", lambda r, nu: np.clip(r, -nu, nu)),
    Slip("nu-squared", "ν² + r² stands below the line where ν + r² belongs",
         "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 0.4.",
         lambda r, nu: (nu + 1) * r / (nu**2 + r**2)),
    Slip("slope", "this is the derivative of ψ; ψ itself is asked for",
         "the density is flat at r = 0, so ψ is 0 there; for ν = 3 you get 4/3.",
         lambda r, nu: (nu + 1) * (nu - r**2) / (nu + r**2) ** 2),
    Slip("missing-parentheses-above", "parentheses are missing above: in nu + 1 * r / … only "
         "the 1 is multiplied", "at r = 0, ψ is 0; you get ν.",
         lambda r, nu: nu + r / (nu + r**2)),
    Slip("missing-parentheses-below", "parentheses are missing below: … / nu + r**2 divides by "
         "ν alone and then adds r²", "at r = 1, ψ is 1 whatever ν is; for ν = 3 you get 7/3.",
         lambda r, nu: (nu + 1) * r / nu + r**2),
)  # fmt: skip


def student_psi_cases(rng):
    return [
        Case("ν = 3", (np.append(2 * rng.normal(size=6), [0.0, 100.0]), 3)),
        Case("ν = 1", (rng.normal(size=4), 1)),
        Case("ν = 7.5", (3 * rng.normal(size=5), 7.5)),
        Case("a single residual", (np.array([-1.7]), 2)),
    ]


student_psi = Exercise(
    "student_psi", right_student_psi, STUDENT_PSI_SLIPS, student_psi_cases, takes=("r", "nu")
)


# -------- exercise 2: irls_step


def huber_weight(r, k):
    """min(1, k/|r|), without dividing by 0."""
    return k / np.maximum(np.abs(r), k)


def irls_step_with(x, y, beta, k, weight=huber_weight, left=1.0, right=1.0, intercept=True):
    """Solve XᵀWX β = XᵀWy with the weights of the residuals at beta.

    Right are the powers left = right = 1 of the weights on the two sides.
    """
    w = weight(y - beta[0] - beta[1] * x, k)
    X = np.column_stack([np.ones_like(x), x] if intercept else [x])
    return np.linalg.solve((X.T * w**left) @ X, (X.T * w**right) @ y)


def irls_step_by_lstsq(x, y, beta, k, weight):
    """The same step as lstsq and polyfit make it: they stop where a weight is infinite."""
    if not np.all(np.isfinite(weight(y - beta[0] - beta[1] * x, k))):
        raise np.linalg.LinAlgError("SVD did not converge in Linear Least Squares")
    return irls_step_with(x, y, beta, k, weight)


def weight_of_least_absolute(r, k):
    """k/|r| whatever |r| is: the line is the same as with 1/|r|."""
    return k / np.abs(r)


def weight_with_maximum(r, k):
    """max(1, k/|r|), infinite for r = 0."""
    return np.maximum(1, k / np.abs(r))


def many_steps(x, y, beta, k):
    """Steps until nothing changes any more: Huber's line."""
    for _ in range(1000):
        beta = irls_step_with(x, y, beta, k)
    return beta


def step_with_pulled_residuals(x, y, beta, k):
    """beta + (XᵀX)⁻¹Xᵀψ(r): another iteration with the same end."""
    X = np.column_stack([np.ones_like(x), x])
    return beta + np.linalg.solve(X.T @ X, X.T @ np.clip(y - X @ beta, -k, k))


def weight_with_a_scale(r, k):
    """min(1, k s/|r|) with s = median|r|/0.6745."""
    return huber_weight(r, k * np.median(np.abs(r)) / 0.6745)


IRLS_STEP_SLIPS = (
    Slip("unweighted", "this is ordinary least squares: the weights are missing, or all the "
         "same",
         "print w: where some weights are below 1, the answer must differ from that of "
         "np.polyfit.", partial(irls_step_with, left=0.0, right=0.0)),
    *(Slip(f"least-absolute{how}", "every weight is a multiple of 1/|r|, which is the weight "
           "of least absolute deviations; where |r| ≤ k it is 1, so take the minimum with 1",
           "print w: no weight may be above 1. And at r = 0 yours is infinite.",
           partial(step, weight=weight_of_least_absolute))
      for how, step in (("", irls_step_with), ("-by-lstsq", irls_step_by_lstsq))),
    *(Slip(f"maximum-for-minimum{how}", "max(1, k/|r|) was taken; the minimum is right",
           "print w: no weight may be above 1. And at r = 0 yours is infinite.",
           partial(step, weight=weight_with_maximum))
      for how, step in (("", irls_step_with), ("-by-lstsq", irls_step_by_lstsq))),
    Slip("weights-squared", "each weight counts twice, as w²: so it does when X and y are "
         "both multiplied by w (with lstsq they take √w)",
         "write the sum that is made small: Σ w r², with one w.",
         partial(irls_step_with, left=2.0, right=2.0)),
    Slip("weights-on-the-right-only", "the weights are in XᵀWy only; XᵀX needs them too",
         "put all points on one line, not that of beta, and k small: it must come out.",
         partial(irls_step_with, left=0.0)),
    Slip("weights-on-the-left-only", "the weights are in XᵀWX only; Xᵀy needs them too",
         "put all points on one line, not that of beta, and k small: it must come out.",
         partial(irls_step_with, right=0.0)),
    Slip("root-on-x-only", "√w multiplies the rows of X, but not those of y",
         "put all points on one line, not that of beta, and k small: it must come out.",
         partial(irls_step_with, right=0.5)),
    Slip("pull-for-weight", "the pull ψ(r), clipped at ±k, was taken for the weight ψ(r)/r",
         "print w: every weight lies between 0 and 1.",
         partial(irls_step_with, weight=lambda r, k: np.clip(r, -k, k))),
    Slip("zero-over-zero", "ψ(r)/r is right, but at r = 0 it is 0/0; the weight there is 1",
         "print w for a point on the line. k / np.maximum(np.abs(r), k) avoids the division.",
         partial(irls_step_with, weight=lambda r, k: np.clip(r, -k, k) / r)),
    Slip("no-absolute", "k/r without the absolute value: negative residuals get negative "
         "weights", "print w: every weight lies between 0 and 1.",
         partial(irls_step_with, weight=lambda r, k: np.minimum(1, k / r))),
    Slip("weights-inverted", "the weights are upside down: max(1, |r|/k) is 1/w, and large "
         "residuals count more, not less",
         "print w beside |r|: the largest residual has the smallest weight.",
         partial(irls_step_with, left=-1.0, right=-1.0)),
    Slip("quotient-inverted", "the quotient is upside down: min(1, |r|/k) makes the small "
         "residuals count less", "print w beside |r|: the largest residual has the smallest "
         "weight.", partial(irls_step_with, weight=lambda r, k: np.minimum(1, np.abs(r) / k))),
    Slip("weights-grow", "the weights are multiples of |r|: large residuals count more, not "
         "less", "print w beside |r|: the largest residual has the smallest weight.",
         partial(irls_step_with, weight=lambda r, k: np.abs(r))),
    Slip("outliers-dropped", "the weights are 1 or 0: residuals beyond k are dropped, and "
         "Huber's k/|r| only holds them back", "a residual of 2k has the weight ½; yours has "
         "0.", partial(irls_step_with, weight=lambda r, k: (np.abs(r) <= k).astype(float))),
    Slip("no-intercept", "X has no column of ones: this is a line through the origin",
         "print X.shape: it must be (n, 2).", partial(irls_step_with, intercept=False)),
    Slip("residuals-of-y", "y itself was taken for the residuals; r = y − b0 − b1 x",
         "change beta: where some |r| are above k, the answer must change.",
         lambda x, y, beta, k: irls_step_with(x, y, 0 * beta, k)),
    Slip("beta-exchanged", "b0 and b1 are exchanged in the residuals; beta holds the intercept "
         "first", "give points on the line b0 + b1 x: all r must be 0.",
         lambda x, y, beta, k: irls_step_with(x, y, beta[::-1], k)),
    Slip("repeated", "this is where the steps end, after many of them; one step is asked for",
         "give your answer back as beta: one step more must move it (where some |r| are above k), "
         "and yours does not move.", many_steps),
    Slip("beta-not-used", "the residuals are those of the least-squares line; those of beta are "
         "asked for", "change beta: where some |r| are above k, the answer must change.",
         lambda x, y, beta, k: irls_step_with(x, y, np.polyfit(x, y, 1)[::-1], k)),
    Slip("scale-estimated", "k was multiplied by a scale, median|r|/0.6745; here the scale is 1",
         "give y and beta ten times as large, but the same k: the answer must not be ten times as "
         "large.", partial(irls_step_with, weight=weight_with_a_scale)),
    Slip("pulled-residuals", "this is beta + (XᵀX)⁻¹Xᵀψ(r), another iteration with the same end; a "
         "reweighted step has the weights in XᵀWX too",
         "put all points on one line, not that of beta, and k small: it must come out.",
         step_with_pulled_residuals),
    *(Slip(f"{tiny:g}-added", f"{tiny:g} was added to |r| so as not to divide by 0: that makes "
           "every weight a little too small; k / np.maximum(np.abs(r), k) divides by 0 nowhere",
           "print w for a residual of exactly 2k: it must be ½ to the last digit.",
           partial(irls_step_with,
                   weight=lambda r, k, tiny=tiny: np.minimum(1, k / (np.abs(r) + tiny))))
      for tiny in (1e-3, 1e-4, 1e-5, 1e-6)),
    Slip("weights-of-1", "Huber's weight was taken for k = 1, or k was forgotten",
         "change k: where some |r| are above it, the answer must change.",
         lambda x, y, beta, k: irls_step_with(x, y, beta, 1.0)),
    Slip("bisquare", "these are the weights of Tukey's bisquare, (1 − (r/k)²)²; Huber's are "
         "min(1, k/|r|)", "a residual of 2k has the weight ½; yours has 0.",
         partial(irls_step_with,
                 weight=lambda r, k: np.maximum(0, 1 - (r / k) ** 2) ** 2)),
    Slip("residuals-without-intercept", "the residuals were taken without b0: r = y − b0 − b1 x",
         "give points on the line b0 + b1 x: all r must be 0.",
         lambda x, y, beta, k: irls_step_with(x, y, beta * np.array([0.0, 1.0]), k)),
    Slip("weights", "these are the weights; the new coefficients are asked for, two numbers",
         "print the shape of your answer: (2,).",
         lambda x, y, beta, k: huber_weight(y - beta[0] - beta[1] * x, k)),
    Slip("step-only", "this is the step from beta to the new coefficients (it also comes out "
         "when r stands on the right-hand side in the place of y); they themselves are asked "
         "for", "give points on the line b0 + b1 x: beta must come back, and you get 0.",
         lambda x, y, beta, k: irls_step_with(x, y, beta, k) - beta),
    Slip("root-of-the-weights", "√w stands in XᵀWX and XᵀWy where w belongs (√w is for the "
         "rows of X and of y, which meet in the products)",
         "a residual of 4k has the weight ¼; yours counts ½.",
         partial(irls_step_with, left=0.5, right=0.5)),
    Slip("slope-first", "the numbers are right in the wrong order: intercept first, then slope",
         "give points on the line 5 + 0 x: (5, 0) must come out. (np.polyfit puts the highest "
         "power first.)", lambda x, y, beta, k: irls_step_with(x, y, beta, k)[::-1]),
)  # fmt: skip


def irls_step_cases(rng):
    def arguments(N, k, outliers):
        x, beta = rng.normal(size=N), rng.normal(size=2)
        r = 0.5 * rng.uniform(0, 1, size=N) * np.resize([1, -1], N)  # small ones of both signs
        r[: len(outliers)] += outliers
        return x, beta[0] + beta[1] * x + r, beta, k

    # numbers that are exact in binary, so that the first residual is 0 however it is computed
    x = np.array([0.5, 1.0, 2.0, 3.0, -1.0, -2.0])
    y = 1 + 2 * x + np.array([0.0, 3.0, -0.5, -4.0, 0.25, 0.75])
    return [
        Case("12 points, 3 far out", arguments(12, 0.4, [6.0, -9.0, 3.0])),
        Case("a residual of 0", (x, y, np.array([1.0, 2.0]), 1.0)),
        Case("no residual above k", arguments(7, 1.5, [])),
    ]


irls_step = Exercise(
    "irls_step", irls_step_with, IRLS_STEP_SLIPS, irls_step_cases, takes=("x", "y", "beta", "k")
)
