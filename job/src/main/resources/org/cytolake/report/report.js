/* Starts the page. */

(async function () {
  const main = document.getElementById('main');
  const element = document.getElementById('data');
  let text = element.textContent;
  if (element.type === 'application/gzip') {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  }
  const data = JSON.parse(text);
  main.replaceChildren();
  if (data.kind === 'index') {
    renderDataSet(main, data);
  } else {
    columnsPage = '../index.html';
    main.append(el('h1', {}, data.image.name));
    renderImage(main, data.image, true);
  }
  main.dataset.ready = 'true';
  requestAnimationFrame(() => setTimeout(() => performance.mark('first-view'))); // what is in the window is painted
})();
