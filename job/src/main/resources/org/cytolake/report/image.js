/* One image. */

function renderImage(parent, image, whole) {
  const level = whole ? 'h2' : 'h3';
  parent.append(facts(image));
  const warnings = warned(image);
  if (warnings.length > 0) {
    parent.append(el('div', {class: 'notice'}, warnings.flat().join(' '), ' ', source('images', 'warnings')));
  }
  if (image.problem) {
    parent.append(el('div', {class: 'notice bad'}, image.problem));
  }
  looks(parent, level, image);
  brightness(parent, level, image);
  if (image.pair && image.colocalization.length > 0) {
    pairOf(parent, level, image);
  }
  if (image.regions.length > 0) {
    regionsOf(parent, level, image);
  }
  if (image.clusters && image.clusters.models.length > 0) {
    clustersOf(parent, level, image);
  }
  if (image.nuclei) {
    nucleiOf(parent, level, image);
    if (image.wholeCells) {
      wholeCellsOf(parent, level, image);
    }
    cellsOf(parent, level, image);
  }
  if (whole) {
    parent.append(el('footer', {}, 'Plots by Apache ECharts (Apache-2.0) and d3-contour (ISC). This page loads nothing from the network.'));
  }
}

function facts(image) {
  const size = image.pixelSizeX === null ? '; the file does not say how large a pixel is'
    : ', a pixel is ' + number(image.pixelSizeX) + ' × ' + number(image.pixelSizeY) + ' µm';
  const groups = Object.entries(image.groups).map(([name, value]) => name + ' ' + value).join(', ');
  return el('p', {class: 'muted'}, (groups ? groups + '. ' : '') + number(image.sizeX) + ' × ' + number(image.sizeY) + ' pixels of type ' +
    image.pixelType + size + '.');
}

function picture(p, alt, overlay) {
  return el('div', {class: 'picture'}, el('img', {src: p.src, width: p.width, height: p.height, alt, decoding: 'async'}), overlay || null);
}

function pictured(title, content, ...caption) {
  return el('figure', {}, el('h4', {}, title), content, el('figcaption', {}, caption));
}

function pictureOf(image, id) {
  return (image.pictures || []).find(p => p.id === id);
}

function looks(parent, level, image) {
  if (!image.pictures || image.pictures.length === 0) {
    return;
  }
  parent.append(question(level, 'What does the image show?', null,
    el('div', {class: 'grid'}, image.pictures.map(p =>
      pictured(p.id === 'channel' ? 'Channel ' + p.title : p.title, picture(p, p.title + ' of ' + image.name), p.caption)))));
}

function histogramsOf(image, transform, reference, region) {
  return image.histograms.filter(h => h.transform === transform && h.region === region &&
    (reference === undefined || h.reference === reference));
}

/* Lines of steps, one a channel. */
function histogramPlot(image, settings, histograms) {
  return plot(Object.assign({
    height: 280,
    alt: settings.title,
    option: now => ({
      tooltip: tip(now, {trigger: 'axis', formatter: items => items.map(i => escaped(i.seriesName) + ', from ' + number(i.value[0]) + ': <b>' +
        number(i.value[1] <= 0.5 ? 0 : i.value[1]) + '</b> pixels').join('<br>')}),
      legend: histograms.length > 1 ? legend(now, histograms.map(h => h.channel)) : undefined,
      xAxis: axis(now, settings.axis, {type: 'value', min: Math.min(...histograms.map(h => h.edges[0])), max: Math.max(...histograms.map(h => h.edges[h.edges.length - 1])),
        axisLabel: {color: now.muted, fontSize: 11, hideOverlap: true, showMaxLabel: false, showMinLabel: false, formatter: v => number(v, 2)}}),
      yAxis: upright(now, 'Pixels', settings.log === false ? {} : {type: 'log', min: 0.5, axisLabel: {color: now.muted, fontSize: 11, formatter: v => v < 1 ? '' : short(v)}}),
      series: histograms.map(h => {
        const colour = h.channel === null ? now.bar : channelColour(h.channel, image.channels, image.shown);
        return {type: 'line', name: h.channel === null ? 'difference' : h.channel, step: 'end', symbol: 'none', data: steps(h.edges, h.counts, 1, settings.log === false ? 0 : 0.5),
          lineStyle: {color: colour, width: 1.6}, itemStyle: {color: colour}, areaStyle: {color: colour, opacity: 0.13, origin: 'start'}};
      })
    })
  }, settings));
}

function brightness(parent, level, image) {
  const rows = image.statistics.filter(s => s.region === 'image');
  const plotsOf = [];
  const add = (settings, histograms) => {
    if (histograms.length > 0) {
      settings.caption = [settings.caption + ' ', source('histograms', 'count')];
      plotsOf.push(histogramPlot(image, settings, histograms));
    }
  };
  add({title: 'Histogram of intensities', axis: 'Intensity, in the units of the file',
    caption: 'How many pixels have each intensity. The axis of pixels is logarithmic, so that the few bright ones show beside the background.'},
    histogramsOf(image, 'raw', undefined, 'image'));
  add({title: 'Equalised', axis: 'Equalised intensity', caption: 'The same after equalisation of the composite, which spreads intensities evenly over 0 to 1.'},
    histogramsOf(image, 'equalized', 'composite', 'image'));
  for (const reference of [...new Set(image.histograms.filter(h => h.transform === 'normalized').map(h => h.reference))]) {
    add({title: 'Normalised to ' + reference, axis: 'Normalised intensity',
      caption: 'Peaks at 0 and 255 are pixels darker or brighter than ' + reference + ' usually is.'},
      histogramsOf(image, 'normalized', reference, 'image'));
  }
  for (const h of histogramsOf(image, 'difference', undefined, 'image')) {
    add({title: 'Difference, normalised to ' + h.reference, axis: image.shown[image.shown.length - 1] + ' less ' + image.shown[0] + ', modulo 256',
      caption: 'Pixels near 0 have both channels alike; those near 255 have slightly more ' + image.shown[0] + '.'}, [h]);
  }
  const area = rows.some(r => r.stained_area_um2 !== null);
  parent.append(question(level, 'How bright is it, and how much of the field is stained?',
    rows.map(r => percent(r.stained_fraction) + ' of the field is stained in ' + r.channel).join(', ') + '.',
    sortable('Intensities of ' + image.name, [
      {label: 'Channel', value: r => r.channel, source: ['channel_stats', 'channel']},
      {label: 'Mean', value: r => r.mean, source: ['channel_stats', 'mean'], number: true},
      {label: 'Deviation', value: r => r.stddev, source: ['channel_stats', 'stddev'], number: true},
      {label: 'Median', value: r => r.p50, source: ['channel_stats', 'p50'], number: true},
      {label: 'Smallest', value: r => r.min, source: ['channel_stats', 'min'], number: true},
      {label: 'Largest', value: r => r.max, source: ['channel_stats', 'max'], number: true},
      {label: 'Threshold', value: r => r.stain_threshold, source: ['channel_stats', 'stain_threshold'], number: true},
      {label: 'Stained', value: r => r.stained_fraction, show: r => percent(r.stained_fraction), source: ['channel_stats', 'stained_fraction'], number: true},
      area ? {label: 'Stained area, µm²', value: r => r.stained_area_um2, source: ['channel_stats', 'stained_area_um2'], number: true} : null,
      {label: 'Stained mean', value: r => r.stained_mean, source: ['channel_stats', 'stained_mean'], number: true},
      {label: 'Saturated', value: r => r.saturated_fraction, show: r => percent(r.saturated_fraction), source: ['channel_stats', 'saturated_fraction'], number: true}
    ].filter(c => c), rows),
    el('div', {class: 'grid'}, plotsOf)));
}

/* Labels without those at the ends of an axis, which are no round numbers. */
function ends(now) {
  return {color: now.muted, fontSize: 11, hideOverlap: true, showMinLabel: false, showMaxLabel: false};
}

/* Fewer and wider bins. */
function merged(histogram, most) {
  const together = Math.ceil(histogram.counts.length / most);
  const edges = [];
  const counts = [];
  histogram.counts.forEach((count, i) => {
    if (i % together === 0) {
      edges.push(histogram.edges[i]);
      counts.push(0);
    }
    counts[counts.length - 1] += count;
  });
  edges.push(histogram.edges[histogram.edges.length - 1]);
  return {edges, counts};
}

function triples(flat) {
  const all = [];
  for (let i = 0; i < flat.length; i += 3) {
    all.push([flat[i], flat[i + 1], flat[i + 2]]);
  }
  return all;
}

/* Scatter plot, 2-D histogram and contours on the same axes. */
function pairOf(parent, level, image) {
  const [x, y] = image.pair;
  const d = image.density;
  const low = d ? Math.min(0, Math.floor(Math.min(d.x[0], d.y[0]) / 10) * 10) : 0;
  const high = d ? Math.max(255, Math.ceil(Math.max(d.x[1], d.y[1]) / 10) * 10) : 255;
  const axes = now => ({
    grid: {left: 10, right: 14, top: 46, bottom: 32, containLabel: true},
    xAxis: axis(now, x + ', normalised', {type: 'value', min: low, max: high, axisLabel: ends(now)}),
    yAxis: upright(now, y + ', normalised', {min: low, max: high, axisLabel: ends(now)})
  });
  const figures = [];
  if (image.tuples.length > 0) {
    const points = triples(image.tuples).map(([a, b, n]) => [a, b, Math.log10(n), n]).sort((p, q) => p[2] - q[2]);
    const most = Math.max(...points.map(p => p[2]));
    figures.push(plot({title: 'Scatter plot', height: 350, canvas: true, alt: 'Scatter plot of ' + x + ' and ' + y,
      caption: ['Each dot is a pair of intensities that occurs; bright dots are many pixels. ', source('normalized_joint_histograms', 'count')],
      option: now => Object.assign(axes(now), {
        tooltip: tip(now, {formatter: p => escaped(x) + ' ' + p.value[0] + ', ' + escaped(y) + ' ' + p.value[1] + ': <b>' + number(p.value[3]) + '</b> pixels'}),
        visualMap: ramp(now, most, v => number(Math.round(10 ** v)) + (v === most ? ' pixels' : '')),
        series: [{type: 'scatter', symbolSize: 3.5, data: points, large: false}]
      })}));
  }
  if (image.histogram2d) {
    const h = image.histogram2d;
    const cells = triples(h.cells).map(([i, j, n]) => [h.x0 + i * h.width, h.y0 + j * h.height, Math.log10(n), n]);
    const most = Math.max(...cells.map(c => c[2]));
    figures.push(plot({title: '2-D histogram', height: 350, canvas: true, alt: 'Two-dimensional histogram of ' + x + ' and ' + y,
      caption: ['How many pixels lie in each of ' + h.bins + ' × ' + h.bins + ' ranges of both intensities. ', source('histograms_2d', 'count')],
      option: now => Object.assign(axes(now), {
        tooltip: tip(now, {formatter: p => escaped(x) + ' from ' + number(p.value[0]) + ', ' + escaped(y) + ' from ' + number(p.value[1]) + ': <b>' + number(p.value[3]) + '</b> pixels'}),
        visualMap: ramp(now, most, v => number(Math.round(10 ** v)) + (v === most ? ' pixels' : '')),
        series: [{type: 'custom', clip: true, data: cells, dimensions: ['x', 'y', 'log', 'count'], encode: {x: 0, y: 1}, renderItem: (params, api) => {
          const a = api.coord([api.value(0), api.value(1)]);
          const b = api.coord([api.value(0) + h.width, api.value(1) + h.height]);
          return {type: 'rect', shape: {x: a[0], y: b[1], width: b[0] - a[0] + 0.5, height: a[1] - b[1] + 0.5}, style: {fill: api.visual('color')}};
        }}]
      })}));
  }
  if (d) {
    const contours = d3.contours().size([d.columns, d.rows]);
    const bands = d.levels.map(([proportion, level]) => ({proportion, rings: contours.contour(d.values, level).coordinates}));
    const place = p => [d.x[0] + (p[0] - 0.5) * (d.x[1] - d.x[0]) / (d.columns - 1), d.y[0] + (p[1] - 0.5) * (d.y[1] - d.y[0]) / (d.rows - 1)];
    figures.push(plot({title: 'Density contours', height: 350, canvas: true, alt: 'Contours of the density of ' + x + ' and ' + y,
      caption: ['Like heights on a map: half of the pixels lie within the band that leaves 50 % outside. Kernel density with Scott’s factor, as seaborn’s kdeplot. ', source('density', 'density')],
      option: now => Object.assign(axes(now), {
        tooltip: tip(now, {formatter: p => number(100 * (1 - p.value[2]), 0) + ' % of the pixels lie within this contour'}),
        visualMap: {type: 'continuous', min: 0, max: 1, dimension: 2, orient: 'horizontal', left: 'center', top: 0, itemWidth: 10, itemHeight: 110,
          text: ['densest', '5 % outside'], textStyle: {color: now.muted, fontSize: 11}, inRange: {color: now.ramp}, calculable: false, hoverLink: false},
        series: [{type: 'custom', clip: true, dimensions: ['x', 'y', 'share'], encode: {x: 0, y: 1}, data: bands.map(b => [(low + high) / 2, (low + high) / 2, b.proportion]), renderItem: (params, api) => {
          const band = bands[params.dataIndex];
          let path = '';
          for (const polygon of band.rings) {
            for (const ring of polygon) {
              path += ring.map((p, i) => (i === 0 ? 'M' : 'L') + api.coord(place(p)).map(v => v.toFixed(1)).join(' ')).join('') + 'Z';
            }
          }
          return {type: 'path', shape: {pathData: path}, style: {fill: api.visual('color'), stroke: now.ink, lineWidth: 0.7, opacity: 1}};
        }}]
      })}));
  }
  const whole = image.colocalization.filter(c => c.region === 'image');
  const first = whole.find(c => c.x_channel === x && c.y_channel === y);
  parent.append(question(level, 'Do the channels occur together?',
    (first && first.pearson !== null ? 'Pearson’s correlation of ' + x + ' and ' + y + ' is ' + number(first.pearson, 3) + '. ' : '') +
    'Plots are of intensities normalised to ' + image.reference + '.',
    figures.length > 0 ? el('div', {class: figures.length === 3 ? 'grid three' : 'grid'}, figures) : null,
    colocalized(image, whole, false)));
}

function colocalized(image, rows, regions) {
  return sortable('Co-localisation of ' + image.name, [
    regions ? {label: 'Region', value: r => r.region, source: ['colocalization', 'region']} : null,
    {label: 'Channels', value: r => r.x_channel + ' / ' + r.y_channel, source: ['colocalization', 'x_channel']},
    {label: 'Pearson', value: r => r.pearson, source: ['colocalization', 'pearson'], number: true},
    {label: 'Spearman', value: r => r.spearman, source: ['colocalization', 'spearman'], number: true},
    {label: 'Slope', value: r => r.slope, source: ['colocalization', 'slope'], number: true},
    {label: 'Overlap', value: r => r.overlap, source: ['colocalization', 'overlap'], number: true},
    {label: 'M1, Otsu', value: r => r.manders_otsu_m1, source: ['colocalization', 'manders_otsu_m1'], number: true},
    {label: 'M2, Otsu', value: r => r.manders_otsu_m2, source: ['colocalization', 'manders_otsu_m2'], number: true},
    {label: 'M1, Costes', value: r => r.manders_costes_m1, source: ['colocalization', 'manders_costes_m1'], number: true},
    {label: 'M2, Costes', value: r => r.manders_costes_m2, source: ['colocalization', 'manders_costes_m2'], number: true},
    {label: 'Li’s ICQ', value: r => r.li_icq, source: ['colocalization', 'li_icq'], number: true}
  ].filter(c => c), rows);
}

function overlay(image, ...children) {
  return svg('svg', {viewBox: '0 0 ' + image.sizeX + ' ' + image.sizeY, preserveAspectRatio: 'none', 'aria-hidden': 'true'}, children);
}

// Above the region, else below or inside, and towards the picture's middle, so that no name is cut off.
function regionName(image, r, unit) {
  const right = r.x + r.width / 2 > image.sizeX / 2;
  const below = r.y + r.height + 5 * unit < image.sizeY;
  return {
    x: right ? Math.min(r.x + r.width, image.sizeX) - unit : r.x + unit,
    y: r.y > 6 * unit ? r.y - unit : below ? r.y + r.height + 4 * unit : r.y + 4.5 * unit,
    'text-anchor': right ? 'end' : 'start'
  };
}

function regionsOf(parent, level, image) {
  const composite = pictureOf(image, 'composite');
  const unit = Math.max(image.sizeX, image.sizeY) / 100;
  const figures = [];
  if (composite) {
    figures.push(pictured('Where the regions are', picture(composite, 'Regions of ' + image.name, overlay(image, image.regions.flatMap(r => [
      svg('rect', {x: r.x, y: r.y, width: r.width, height: r.height, fill: 'none', stroke: '#000', 'stroke-width': unit * 0.9}),
      svg('rect', {x: r.x, y: r.y, width: r.width, height: r.height, fill: 'none', stroke: '#ffe14d', 'stroke-width': unit * 0.45}),
      svg('text', {...regionName(image, r, unit), fill: '#ffe14d', stroke: '#000', 'stroke-width': unit * 0.6,
        'paint-order': 'stroke', 'font-size': unit * 3.6, 'font-weight': 600}, r.name)
    ]))), 'Regions are configured as ', el('code', {}, 'statistics.regions'), '.'));
  }
  for (const region of image.regions) {
    for (const channel of image.channels) {
      const of = (name, bins) => histogramsOf(image, 'raw', undefined, name).filter(h => h.channel === channel).map(h => merged(h, bins))[0];
      const both = [['image', of('image', 50)], [region.name, of(region.name, 25)]].filter(([, h]) => h);
      if (both.length === 2) {
        figures.push(plot({title: channel + ': ' + region.name + ' against the image', height: 280,
          caption: ['Shares of pixels, so that the small region compares with the whole image. Heights are per unit of intensity. ', source('histograms', 'count')],
          option: now => {
            const heights = both.map(([name, h]) => {
              const total = h.counts.reduce((a, b) => a + b, 0);
              return [name, h.edges, h.counts.map((n, i) => 100 * n / total / Math.max(1e-12, h.edges[i + 1] - h.edges[i]))];
            });
            const least = Math.min(...heights.flatMap(([, , values]) => values.filter(v => v > 0))) / 2;
            return {
              tooltip: tip(now, {trigger: 'axis', formatter: items => items.map(i => escaped(i.seriesName) + ', from ' + number(i.value[0]) + ': <b>' + number(i.value[1]) + ' %</b>').join('<br>')}),
              legend: legend(now, both.map(([name]) => name)),
              xAxis: axis(now, 'Intensity', {type: 'value', min: Math.min(...both.map(([, h]) => h.edges[0])), max: Math.max(...both.map(([, h]) => h.edges[h.edges.length - 1])), axisLabel: ends(now)}),
              yAxis: upright(now, '% of pixels per unit', {type: 'log', min: least, axisLabel: {color: now.muted, fontSize: 11, formatter: v => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) > 1e-6 ? '' : number(v)}}),
              series: heights.map(([name, edges, values], i) => ({type: 'line', name, step: 'end', symbol: 'none', data: steps(edges, values, 1, least),
                lineStyle: {width: 1.8, color: [now.muted, now.bar][i]}, itemStyle: {color: [now.muted, now.bar][i]},
                areaStyle: i ? {color: now.bar, opacity: 0.12, origin: 'start'} : undefined}))
            };
          }}));
      }
    }
  }
  parent.append(question(level, 'How do regions differ from the whole image?', null, el('div', {class: 'grid'}, figures),
    sortable('Regions of ' + image.name, [
      {label: 'Region', value: r => r.region, source: ['channel_stats', 'region']},
      {label: 'Channel', value: r => r.channel, source: ['channel_stats', 'channel']},
      {label: 'Pixels', value: r => r.pixels, source: ['channel_stats', 'pixels'], number: true},
      {label: 'Mean', value: r => r.mean, source: ['channel_stats', 'mean'], number: true},
      {label: 'Deviation', value: r => r.stddev, source: ['channel_stats', 'stddev'], number: true},
      {label: 'Median', value: r => r.p50, source: ['channel_stats', 'p50'], number: true},
      {label: 'Stained', value: r => r.stained_fraction, show: r => percent(r.stained_fraction), source: ['channel_stats', 'stained_fraction'], number: true}
    ], image.statistics),
    image.colocalization && image.colocalization.length > 1 ? colocalized(image, image.colocalization, true) : null));
}

function clustersOf(parent, level, image) {
  const c = image.clusters;
  const methods = [...new Set(c.models.map(m => m.method))];
  const chosen = method => c.models.find(m => m.method === method && m.selected === 1);
  const all = image.clusterChannels || image.channels;
  const axes = image.clusterAxes || (all.length > 1 ? [0, all.length - 1] : [0]);
  const channels = axes.map(i => all[i]);
  const units = {normalized: ', normalised', equalized: ', equalised', log: ', logarithm'}[c.values] || '';
  const maps = [];
  const scatters = [];
  for (const method of methods) {
    const model = chosen(method);
    if (!model) {
      continue;
    }
    const clusters = c.clusters.filter(x => x.method === method).sort((a, b) => a.cluster - b.cluster);
    const map = (image.clusterMaps || {})[method];
    if (map) {
      maps.push(pictured(methodName(method) + ', ' + model.k + ' clusters', picture(map, 'Map of the clusters of ' + methodName(method)),
        swatches(clusters), 'Dark grey is not clustered.'));
    }
    const points = triples(c.tuples[method] || []);
    if (points.length > 0) {
      scatters.push(plot({title: methodName(method) + ', ' + model.k + ' clusters', height: 340, canvas: true,
        alt: 'Scatter plot of intensities, coloured by cluster',
        caption: ['Each dot is a pair of intensities, in the colour of its cluster; diamonds are the clusters’ means. ', source('cluster_labels', 'labels')],
        option: now => ({
          tooltip: tip(now, {formatter: p => escaped(p.seriesName) + ': ' + number(p.value[0]) + ', ' + number(p.value[1])}),
          legend: Object.assign(legend(now, clusters.map(x => 'Cluster ' + x.cluster)), {left: 0, right: 0, itemWidth: 10}),
          grid: {left: 10, right: 14, top: 54, bottom: 32, containLabel: true},
          xAxis: axis(now, channels[0] + units, {type: 'value', scale: true}),
          yAxis: upright(now, channels.length > 1 ? channels[1] + units : 'Pixels', {scale: true}),
          series: clusters.concat(points.some(p => p[2] === 0) ? [{cluster: 0}] : []).map(x => ({type: 'scatter', name: x.cluster === 0 ? 'in no cluster' : 'Cluster ' + x.cluster, symbolSize: 3.5,
            itemStyle: {color: x.cluster === 0 ? now.axis : clusterColour(x.cluster)}, data: points.filter(p => p[2] === x.cluster).map(p => [p[0], p[1]])}))
            .concat(channels.length < 2 ? [] : [{type: 'scatter', name: 'Mean', symbol: 'diamond', symbolSize: 15, z: 5,
              data: clusters.map(x => ({value: axes.map(i => x.mean[i]), itemStyle: {color: clusterColour(x.cluster), borderColor: now.ink, borderWidth: 2}}))}])
        })}));
    }
  }
  const lines = (title, measure, caption, named) => {
    const shown = methods.filter(m => c.models.some(x => x.method === m && x[measure] !== null));
    return shown.length === 0 ? null : plot({title, height: 280, alt: title,
      caption: [caption + ' ', source('cluster_models', measure)],
      option: now => ({
        tooltip: tip(now, {trigger: 'axis', valueFormatter: v => number(v)}), legend: legend(now, shown.map(methodName)),
        xAxis: axis(now, 'Clusters', {type: 'category', data: [...new Set(c.models.map(m => m.k))].sort((a, b) => a - b).map(String), splitLine: {show: false}}),
        yAxis: upright(now, named, {scale: true}),
        series: shown.map((method, i) => {
          const colour = [now.bar, now.more[0], now.more[1], now.more[2]][methods.indexOf(method) % 4];
          return {type: 'line', name: methodName(method), itemStyle: {color: colour}, lineStyle: {color: colour, width: 2}, symbol: 'circle',
            data: c.models.filter(m => m.method === method).sort((a, b) => a.k - b.k).map(m => ({value: [String(m.k), m[measure]],
              symbolSize: m.selected === 1 ? 15 : 7}))};
        })
      })});
  };
  const names = methods.filter(chosen).map(m => chosen(m).k + ' by ' + methodName(m)).join(', ');
  const populations = c.models.find(m => m.modes);
  const agreement = c.models.find(m => m.selected === 1 && m.adjusted_rand !== null);
  const reasons = [...new Set(c.models.map(m => m.reason).filter(r => r))];
  parent.append(question(level, 'Which kinds of pixels are there?',
    (names ? 'Best number of clusters: ' + names + '. ' : '') +
    (populations ? 'The pixels are of ' + (populations.modes === 1 ? 'one population' : populations.modes + ' populations') + ' (modes of the density of pixels at evenly spread places; as neighbours are alike they count as ' + number(populations.effective_pixels, 0) + '). ' : '') +
    (c.values === 'normalized' ? 'Pixels are clustered by intensities normalised to ' + c.reference + '. ' : '') +
    (c.scope === 'image' ? '' : 'The model is of several images together (' + c.scope + '). ') +
    (agreement ? 'With equally many clusters the methods agree to ' + number(agreement.adjusted_rand, 2) + ' (adjusted Rand index, 1 is the same) for k = ' + agreement.k + '.' : ''),
    reasons.map(r => el('div', {class: 'notice'}, r)),
    el('div', {class: maps.length === 2 ? 'grid two' : 'grid'}, maps),
    el('div', {class: scatters.length === 2 ? 'grid two' : 'grid'}, scatters),
    el('div', {class: 'grid two'},
      lines('How many clusters fit best? BIC', 'effective_bic', 'Of pixels that count as independent. The lower, the better the model for its size; the large dot is chosen.', 'BIC'),
      lines('How well apart are the clusters? Silhouette', 'silhouette', 'From -1 to 1, the higher the better; the large dots are chosen.', 'Silhouette')),
    sortable('Clusters of ' + image.name, [
      {label: 'Method', value: r => methodName(r.method), source: ['clusters', 'method']},
      {label: 'Cluster', value: r => r.cluster, show: r => el('span', {}, swatch(r.cluster), ' ' + r.cluster), source: ['clusters', 'cluster'], number: true},
      {label: 'Share', value: r => r.weight, show: r => percent(r.weight), source: ['clusters', 'weight'], number: true},
      {label: 'Pixels', value: r => r.pixels, source: ['clusters', 'pixels'], number: true},
      ...channels.map((channel, i) => ({label: 'Mean ' + channel, value: r => r.mean[i], source: ['clusters', 'mean'], number: true}))
    ], c.clusters.slice().sort((a, b) => compare(a.method, b.method) || a.cluster - b.cluster))));
}

function swatch(label) {
  return svg('svg', {width: 12, height: 12, viewBox: '0 0 12 12', 'aria-hidden': 'true', style: 'vertical-align:-1px'},
    svg('rect', {width: 12, height: 12, rx: 2, fill: clusterColour(label)}));
}

function swatches(clusters) {
  return el('span', {}, clusters.map(x => el('span', {style: 'white-space:nowrap;margin-right:12px'}, swatch(x.cluster), ' ' + x.cluster + ': ' + percent(x.weight))));
}

function points(flat) {
  let text = '';
  for (let i = 0; i < flat.length; i += 2) {
    text += flat[i] + 0.5 + ',' + (flat[i + 1] + 0.5) + ' ';
  }
  return text;
}

function wholeCellsOf(parent, level, image) {
  const c = image.wholeCells;
  const base = pictureOf(image, 'composite') || pictureOf(image, 'channel');
  const line = Math.max(image.sizeX, image.sizeY) / 420;
  const area = c.cell_area_p50_um2 !== null ? [c.cell_area_p50_um2, 'µm²', 'cell_area_p50_um2'] : [c.cell_area_p50_px, 'pixels', 'cell_area_p50_px'];
  const nuclei = image.nuclei ? image.nuclei.outlines : [];
  const channel = column => column.replace('nucleus_to_cytoplasm_', '');
  parent.append(question(level, 'How large are the cells, and where in them is the stain?',
    number(c.count) + (c.count === 1 ? ' cell was found around a nucleus' : ' cells were found around nuclei') +
    (area[0] === null ? '.' : '; the median area is ' + number(area[0]) + ' ' + area[1] + '.'),
    base && c.outlines.length > 0 ? el('div', {class: 'grid two'}, pictured('Cells and their nuclei', picture(base, 'Outlines of the cells and nuclei of ' + image.name, overlay(image,
      svg('g', {fill: 'none', stroke: '#fff', 'stroke-width': line}, c.outlines.map(o => svg('polygon', {points: points(o[3])}))),
      svg('g', {fill: 'none', stroke: '#ffe14d', 'stroke-width': line / 1.5}, nuclei.map(o => svg('polygon', {points: points(o[3])}))))),
      'Cells in white, nuclei in yellow. ', source('cells', 'polygon'))) : null,
    el('div', {class: 'grid'}, c.distributions.map(d => plot({title: channel(d.column) + ': nucleus to cytoplasm', height: 260,
      alt: 'Histogram: mean of ' + channel(d.column) + ' in the nucleus divided by that in the cytoplasm',
      caption: ['Median ' + number(d.median) + ' (dashed). ', source('cells', d.column)],
      option: now => {
        const colour = channelColour(channel(d.column), image.channels, image.shown);
        return {
          tooltip: tip(now, {trigger: 'axis', formatter: items => 'from ' + number(items[0].value[0]) + ': <b>' + number(items[0].value[1]) + '</b> cells'}),
          xAxis: axis(now, 'Mean of the nucleus / mean of the cytoplasm', {type: 'value', min: d.edges[0], max: d.edges[d.edges.length - 1],
            axisLabel: {color: now.muted, fontSize: 11, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: v => number(v, 1)}}),
          yAxis: upright(now, 'Cells', {minInterval: 1}),
          series: [{type: 'line', step: 'end', symbol: 'none', data: steps(d.edges, d.counts, 1, 0), lineStyle: {color: colour, width: 1.6}, itemStyle: {color: colour}, areaStyle: {color: colour, opacity: 0.25},
            markLine: {symbol: 'none', silent: true, label: {show: false}, lineStyle: {color: now.ink, type: 'dashed'}, data: [{xAxis: d.median}]}}]
        };
      }})))));
}

function nucleiOf(parent, level, image) {
  const n = image.nuclei;
  const base = pictureOf(image, 'channel') || pictureOf(image, 'composite');
  const composite = pictureOf(image, 'composite');
  const figures = [];
  if (base && n.outlines.length > 0) {
    const size = Math.max(Math.max(image.sizeX, image.sizeY) / 80, Math.min(Math.max(image.sizeX, image.sizeY) / 26, 0.26 * Math.sqrt(image.sizeX * image.sizeY / n.outlines.length)));
    const line = Math.max(image.sizeX, image.sizeY) / 420;
    figures.push(pictured('Nuclei, numbered', picture(composite || base, 'Outlines and numbers of the nuclei of ' + image.name, overlay(image,
      svg('g', {fill: 'none', stroke: '#ffe14d', 'stroke-width': line}, n.outlines.map(o => svg('polygon', {points: points(o[3])}))),
      svg('g', {fill: '#fff', stroke: '#000', 'stroke-width': size / 5, 'paint-order': 'stroke', 'font-size': size, 'font-weight': 600, 'text-anchor': 'middle', 'font-family': 'sans-serif'},
        n.outlines.map(o => svg('text', {x: o[1], y: o[2] + size / 3}, o[0]))))),
      'Numbers are those of ', source('nuclei', 'nucleus'), n.outlines.length < n.count ? '; the ' + number(n.outlines.length) + ' surest of ' + number(n.count) + ' are drawn.' : '.'));
    figures.push(pictured('Labels over the image', picture(base, 'Nuclei of ' + image.name + ' as coloured areas', overlay(image,
      n.outlines.map(o => svg('polygon', {points: points(o[3]), fill: 'hsl(' + (o[0] * 137.5) % 360 + ' 85% 58%)', 'fill-opacity': 0.55, stroke: '#000', 'stroke-width': line / 2})))),
      'Every nucleus in a colour of its own, over the channel that shows nuclei. ', source('nuclei', 'polygon')));
  }
  const words = column => column === 'area_um2' ? ['Area of the nuclei', 'Area, µm²'] : column === 'area_px' ? ['Area of the nuclei', 'Area, pixels']
    : column.startsWith('ring_mean_') ? ['Intensity of ' + column.slice(10) + ' in the ring', 'Mean intensity of a ring'] : ['Intensity of ' + column.slice(5) + ' in nuclei', 'Mean intensity of a nucleus'];
  const distributions = n.distributions.map(d => plot({title: words(d.column)[0], height: 260, alt: 'Histogram: ' + words(d.column)[0],
    caption: ['Median ' + number(d.median) + ' (dashed). ', source('nuclei', d.column)],
    option: now => {
      const colour = d.column.startsWith('area') ? now.bar : channelColour(d.column.replace(/^(ring_)?mean_/, ''), image.channels, image.shown);
      return {
        tooltip: tip(now, {trigger: 'axis', formatter: items => 'from ' + number(items[0].value[0]) + ': <b>' + number(items[0].value[1]) + '</b> nuclei'}),
        xAxis: axis(now, words(d.column)[1], {type: 'value', min: d.edges[0], max: d.edges[d.edges.length - 1],
          axisLabel: {color: now.muted, fontSize: 11, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: v => number(v, 1)}}),
        yAxis: upright(now, 'Nuclei', {minInterval: 1}),
        series: [{type: 'line', step: 'end', symbol: 'none', data: steps(d.edges, d.counts, 1, 0), lineStyle: {color: colour, width: 1.6}, itemStyle: {color: colour}, areaStyle: {color: colour, opacity: 0.25},
          markLine: {symbol: 'none', silent: true, label: {show: false}, lineStyle: {color: now.ink, type: 'dashed'}, data: [{xAxis: d.median}]}}]
      };
    }}));
  const any = n.rows.length > 0 ? n.rows[0] : {};
  const area = n.rows.some(r => r.area_um2 !== null);
  parent.append(question(level, 'How many nuclei are there, and what are they like?',
    number(n.count) + (n.count === 1 ? ' nucleus was found' : ' nuclei were found') +
    (n.nuclei_per_mm2 === null ? '' : ', ' + number(n.nuclei_per_mm2) + ' per mm²') +
    (n.nearest_nucleus_um !== null ? '; the nearest neighbour is ' + number(n.nearest_nucleus_um) + ' µm away on average.'
      : n.nearest_nucleus_px !== null ? '; the nearest neighbour is ' + number(n.nearest_nucleus_px) + ' pixels away on average.' : '.'),
    el('div', {class: 'grid two'}, figures),
    el('div', {class: 'grid'}, distributions),
    n.rows.length === 0 ? null : sortable('Nuclei of ' + image.name, [
      {label: 'Nucleus', value: r => r.nucleus, source: ['nuclei', 'nucleus'], number: true},
      {label: area ? 'Area, µm²' : 'Area, pixels', value: r => area ? r.area_um2 : r.area_px, source: ['nuclei', area ? 'area_um2' : 'area_px'], number: true},
      {label: 'Eccentricity', value: r => r.eccentricity, source: ['nuclei', 'eccentricity'], number: true},
      {label: 'Solidity', value: r => r.solidity, source: ['nuclei', 'solidity'], number: true},
      {label: 'Probability', value: r => r.prob, source: ['nuclei', 'prob'], number: true},
      ...image.channels.map(c => ({label: 'Mean ' + c, value: r => r['mean_' + c], source: ['nuclei', 'mean_' + c], number: true})),
      {label: 'At the border', value: r => r.touches_border, show: r => r.touches_border === 1 ? 'yes' : 'no', source: ['nuclei', 'touches_border']}
    ], n.rows, 10),
    n.rows.length < n.count ? el('p', {class: 'muted'}, 'The table here holds the ' + number(n.rows.length) + ' surest nuclei; the table nuclei holds all.') : null));
}

function cellsOf(parent, level, image) {
  if (!image.cells || image.cells.length === 0) {
    return;
  }
  parent.append(question(level, 'What do single cells look like?',
    'From the smallest to the largest nucleus that lies wholly in the image. Yellow is the nucleus’ outline' +
    (image.ring > 0 ? ', dashed blue the ring of ' + image.ring + ' pixels around it that stands for its cytoplasm.' : '.'),
    el('div', {class: 'cells'}, image.cells.map(c => el('figure', {},
      el('div', {class: 'picture'}, el('img', {src: c.src, width: c.width, height: c.height, loading: 'lazy', alt: 'Nucleus ' + c.nucleus + ' with its ring'})),
      el('figcaption', {}, 'Nucleus ' + c.nucleus + ', ' + (c.area_um2 === null ? number(c.area_px) + ' pixels' : number(c.area_um2) + ' µm²'))))),
    el('p', {class: 'about'}, 'As files: ', el('code', {}, image.cells[0].file.replace(/[^/]*$/, '')))));
}
