// Gives what axe finds by the rules of `only`.
async (only) => {
  // A colour that is on its way from light to dark is none of ours; one sets the next going.
  for (;;) {
    await new Promise(requestAnimationFrame);
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    if (!moving.length) break;
    for (const each of moving) each.finish();
  }
  const { violations } = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`));
}
