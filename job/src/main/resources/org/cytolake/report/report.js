/* Starts the page. */

(function () {
  const main = document.getElementById('main');
  const data = JSON.parse(document.getElementById('data').textContent);
  main.replaceChildren();
  if (data.kind === 'index') {
    renderDataSet(main, data);
  } else {
    columnsPage = '../index.html';
    main.append(el('h1', {}, data.image.name));
    renderImage(main, data.image, true);
  }
})();
