// Typeset the mathematics; then every slide gets the largest type that it has room for.
const SIZES = [34, 31, 28]; // pixels at 1280 x 720; code has 0.79 of it
const SMALLEST_FORMULA = 24;

const BOTTOM = 712;

const fits = (slide) =>
  [...slide.children].every((part) =>
    part.offsetTop + part.scrollHeight <= BOTTOM && part.scrollWidth <= part.clientWidth + 1);

function fit(slide) {
  slide.style.display = "flex"; // the others are not laid out
  const sizes = slide.matches(".pictured") ? SIZES.slice(-1) : SIZES; // room for the figure first
  for (const size of sizes) {
    slide.style.fontSize = `${size}px`;
    if (fits(slide)) break;
  }
  for (const formula of slide.querySelectorAll(".formula"))
    for (let size = 28; formula.scrollWidth > formula.clientWidth && size >= SMALLEST_FORMULA; size--)
      formula.style.fontSize = `${size}px`;
  slide.style.display = "";
}

async function begin() {
  await MathJax.startup.promise;
  await MathJax.typesetPromise();
  // The speaker's window has no style to hide the second copy of a formula, for screen readers.
  document.querySelectorAll("aside mjx-assistive-mml").forEach((copy) => copy.remove());
  await Reveal.initialize({
    width: 1280, height: 720, margin: 0.02, center: false, display: "flex", hash: true,
    slideNumber: true, transition: "none", controls: false, plugins: [RevealNotes],
  });
  document.querySelectorAll(".slides > section").forEach(fit);
  Reveal.layout();
  document.body.dataset.ready = "yes";
}
begin();
