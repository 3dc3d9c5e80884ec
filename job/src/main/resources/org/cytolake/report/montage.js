/* The plate as pictures: a tile a well, one channel at a time, with one contrast for all. */

/* A share of the sorted values lies below it. */
function quantile(values, share) {
  const sorted = values.filter(v => v !== null && v !== undefined).sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : sorted[Math.round(share * (sorted.length - 1))];
}

function montage(main, data, images) {
  const details = new Map(data.details.map(d => [key(d), d]));
  const tiles = image => (details.get(key(image)) || {}).tiles;
  const all = onPlates(images.filter(tiles), data.groups);
  if (all.length === 0) {
    return;
  }
  const size = format(all.flatMap(([, wells]) => wells));
  const contrast = channel => {
    const of = (column, share) => quantile(images.map(i => i.statistics[channel] ? i.statistics[channel][column] : null), share);
    return [of('p1', 0.05), of('p99_8', 0.95)];
  };
  let shown = {plate: 0, channel: 0, place: 0};
  const most = Math.max(...all.map(([, wells]) => Math.max(...[...byWell(wells).values()].map(w => w.length))));
  const choice = (id, label, names, name) => {
    const select = el('select', {id}, names.map((n, i) => el('option', {value: i}, n)));
    select.addEventListener('change', () => { shown[name] = Number(select.value); show(); });
    return names.length > 1 ? [el('label', {for: id}, label), select] : [];
  };
  const place = el('div', {class: 'scroll'});
  const caption = el('p', {class: 'about'});
  const told = el('p', {class: 'told', 'aria-live': 'polite'});
  const pictures = new Map(); // by address: all channels are in one
  const show = () => {
    const [plate, wells] = all[shown.plate];
    const channel = data.channels[shown.channel];
    const [low, high] = contrast(channel);
    caption.replaceChildren('Every tile is an image of its well in ' + channel + ': black is ' + number(low) + ' and below, white ' + number(high) +
      ' and above, in all wells of all plates. A dashed frame is a flag. The arrow keys go from well to well, Enter opens the image. ',
      source('channel_stats', 'p1'), ' ', source('channel_stats', 'p99_8'));
    told.textContent = '';
    place.replaceChildren(tileTable({plate, wells, size, place: shown.place, channel, told,
      draw: (canvas, image) => {
        const address = tiles(image);
        if (!pictures.has(address)) {
          pictures.set(address, new Promise((resolve, reject) => {
            const picture = new Image();
            picture.onload = () => resolve(picture);
            picture.onerror = reject;
            picture.src = address;
          }));
        }
        pictures.get(address).then(picture =>
          drawTile(canvas, picture, shown.channel, data.channels.length, image.statistics[channel], [low, high]), () => canvas.classList.add('missing'));
      },
      address: image => {
        const detail = details.get(key(image));
        return detail.page || '#' + detail.inline.replace('image-', 'open-');
      }}));
  };
  const section = question('h2', 'What do the wells look like?', null,
    el('div', {class: 'pick'}, choice('montage-channel', 'Channel', data.channels, 'channel'),
      choice('montage-plate', 'Plate', all.map(([plate]) => plate), 'plate'),
      choice('montage-place', 'Image of each well', Array.from({length: most}, (_, i) => String(i + 1)), 'place')),
    caption, place, told);
  section.id = 'montage';
  main.append(section);
  caption.textContent = 'Drawn when it comes into view.';
  const waiting = new IntersectionObserver(entries => {
    if (entries.some(e => e.isIntersecting)) {
      waiting.disconnect();
      show();
    }
  }, {rootMargin: '400px'});
  place.style.minHeight = Math.min(700, 40 * size[0]) + 'px'; // what follows does not jump
  waiting.observe(place);
  window.addEventListener('beforeprint', () => { waiting.disconnect(); show(); });
}

/* The images of each well, in the order of their names. */
function byWell(wells) {
  const found = new Map();
  for (const well of wells) {
    const name = wellName(well.at);
    if (!found.has(name)) {
      found.set(name, []);
    }
    found.get(name).push(well.image);
  }
  return found;
}

/* A table of links to the wells' images: Tab goes into it and out of it, arrow keys around in it. */
function tileTable({plate, wells, size: [rows, columns], place, channel, told, draw, address}) {
  const images = byWell(wells);
  const links = new Map();
  const body = Array.from({length: rows}, (_, r) => el('tr', {}, el('th', {scope: 'row'}, letters(r + 1)),
    Array.from({length: columns}, (_, c) => {
      const name = wellName({row: letters(r + 1), column: c + 1});
      const image = (images.get(name) || [])[place];
      if (image === undefined) {
        return el('td');
      }
      const flags = [...new Set(image.flags.map(f => f.flag))];
      const text = name + ': ' + title(image) + (flags.length > 0 ? ', flagged ' + flags.join(', ') : '');
      const canvas = el('canvas', {width: 64, height: 64, 'aria-hidden': 'true'});
      draw(canvas, image);
      const link = el('a', {href: address(image), 'aria-label': text, title: text, tabindex: links.size === 0 ? 0 : -1, class: flags.length > 0 ? 'flagged' : null}, canvas);
      link.addEventListener('focus', () => {
        links.forEach(l => { l.tabIndex = -1; });
        link.tabIndex = 0;
        told.textContent = text;
      });
      links.set(r + ' ' + c, link);
      return el('td', {}, link);
    })));
  const table = el('table', {class: 'montage', 'aria-label': (plate ? 'Plate ' + plate : 'The plate') + ' in ' + channel},
    el('thead', {}, el('tr', {}, el('td'), Array.from({length: columns}, (_, c) => el('th', {scope: 'col'}, c + 1)))), el('tbody', {}, body));
  table.style.maxWidth = 30 + 88 * columns + 'px';
  table.addEventListener('keydown', event => {
    const step = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key];
    const from = [...links].find(([, link]) => link === document.activeElement);
    if (step && from) {
      let [r, c] = from[0].split(' ').map(Number);
      do {
        r += step[0];
        c += step[1];
      } while (r >= 0 && r < rows && c >= 0 && c < columns && !links.has(r + ' ' + c));
      if (links.has(r + ' ' + c)) {
        links.get(r + ' ' + c).focus();
      }
      event.preventDefault();
    }
  });
  return table;
}

/* From the tile's own contrast, its channel's 1st to 99.8th percentile, to one that all share:
   v -> slope * v + shift, by adding and inverting whole pictures, as a page may not read the pixels
   of a file. */
function drawTile(canvas, picture, channel, channels, statistics, [low, high]) {
  const width = picture.naturalWidth;
  const height = picture.naturalHeight / channels;
  canvas.width = width;
  canvas.height = height;
  const to = canvas.getContext('2d');
  to.fillStyle = '#000';
  to.fillRect(0, 0, width, height);
  if (!statistics) {
    return;
  }
  const own = statistics.p99_8 > statistics.p1 ? statistics.p99_8 - statistics.p1 : 1;
  const range = high > low ? high - low : 1;
  const slope = own / range;
  const shift = (statistics.p1 - low) / range;
  const tile = el('canvas', {width, height});
  const own2d = tile.getContext('2d');
  own2d.drawImage(picture, 0, channel * height, width, height, 0, 0, width, height);
  if (shift < 0) { // 1 - min(1, (1 - v) + s) = max(0, v - s)
    wash(own2d, 'difference', 255, width, height);
    wash(own2d, 'lighter', -255 * shift / slope, width, height);
    wash(own2d, 'difference', 255, width, height);
  } else {
    wash(to, 'lighter', 255 * shift, width, height);
  }
  to.globalCompositeOperation = 'lighter';
  for (let rest = Math.min(slope, 64); rest > 0; rest--) {
    to.globalAlpha = Math.min(1, rest);
    to.drawImage(tile, 0, 0);
  }
}

function wash(context, how, grey, width, height) {
  const level = Math.max(0, Math.min(255, Math.round(grey)));
  context.globalCompositeOperation = how;
  context.fillStyle = 'rgb(' + level + ',' + level + ',' + level + ')';
  context.fillRect(0, 0, width, height);
}
