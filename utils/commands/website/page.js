// Settings of MathJax; and what is wider than the page scrolls, by keyboard too.
window.MathJax = {
  tex: {inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]]},
  svg: {fontCache: "global", scale: 0.95},
  options: {enableMenu: false},
  startup: {pageReady: () => MathJax.startup.defaultPageReady().then(reach)},
};

function reach() {
  const room = document.querySelector("main").clientWidth;
  for (const formula of document.querySelectorAll("mjx-container:not([display])")) {
    const wide = formula.firstElementChild.getBoundingClientRect().width > room;
    formula.classList.toggle("long", wide);
  }
  for (const box of document.querySelectorAll("pre, .wide, mjx-container:is([display], .long)")) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

addEventListener("resize", reach);
addEventListener("toggle", reach, true);
