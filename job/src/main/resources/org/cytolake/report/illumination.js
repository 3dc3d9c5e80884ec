/* How uneven the light is: illumination functions as pictures, and what they take away. */

function illumination(main, data) {
  const {count, functions} = data.illumination;
  if (count === 0) {
    return;
  }
  const section = question('h2', 'How even is the light over the field?',
    'The images of a plate together show how much light each place of the field gets.' +
      (functions.length < count ? ' The ' + functions.length + ' most uneven functions of ' + number(count) + ' are shown.' : ''),
    el('div', {class: 'lights'}, functions.map(lightOf)),
    sortable('Illumination functions', [
      {label: 'Images of', value: f => f.group || 'all images', source: ['illumination_functions', 'path'], name: true},
      {label: 'Channel', value: f => f.channel, source: ['illumination_functions', 'channel']},
      {label: 'Method', value: f => f.method, source: ['illumination_functions', 'method']},
      {label: 'Planes', value: f => f.planes, source: ['illumination_functions', 'planes'], number: true},
      {label: 'Least', value: f => f.min, source: ['illumination_functions', 'min'], number: true},
      {label: 'Most', value: f => f.max, source: ['illumination_functions', 'max'], number: true},
      {label: 'Uneven', value: f => f.spread, show: f => percent(f.spread), source: ['illumination_functions', 'spread'], number: true}
    ], functions, 12));
  section.id = 'illumination';
  main.append(section);
}

function lightOf(f) {
  const name = (f.group ? f.group + ', ' : '') + f.channel;
  const picture = el('figure', {}, el('h4', {}, name),
    f.picture === null ? el('p', {class: 'muted'}, 'The function’s file could not be read.')
      : el('img', {class: 'light', src: f.picture, loading: 'lazy', alt: 'Illumination function of ' + name + ': from ' + number(f.min) + ', black, to ' + number(f.max) + ', white'}),
    el('figcaption', {}, 'Black is ' + number(f.min) + ', white ' + number(f.max) + '; standard deviation over mean ' + percent(f.spread) + '. ',
      source('illumination_functions', 'spread')));
  if (!f.profile_x) {
    return picture;
  }
  const line = (label, values, colour, dashed) => ({type: 'line', name: label, showSymbol: false, itemStyle: {color: colour},
    lineStyle: {color: colour, width: 2, type: dashed ? 'dashed' : 'solid'},
    data: values.map((v, i) => [Number((100 * (i + 0.5) / values.length).toFixed(2)), v])});
  const names = ['across, before', 'across, after', 'down, before', 'down, after'];
  return [picture, plot({
    title: 'Before and after, ' + name,
    caption: ['The average of ' + number(f.planes) + (f.planes === 1 ? ' plane' : ' planes') +
      (f.method === 'background' ? '’ blocks, of each the smallest intensity,' : '') + ' from left to right and from top to bottom: dashed as it is, solid without the uneven light. ',
    source('illumination_functions', 'profile_x'), ' ', source('illumination_functions', 'corrected_profile_x')],
    alt: 'Profiles of the average image of ' + name + ': across the field from ' + number(Math.min(...f.profile_x)) + ' to ' + number(Math.max(...f.profile_x)) +
      ' before, from ' + number(Math.min(...f.corrected_profile_x)) + ' to ' + number(Math.max(...f.corrected_profile_x)) + ' after',
    option: now => ({
      tooltip: tip(now, {trigger: 'axis', valueFormatter: v => number(v)}),
      legend: legend(now, names),
      xAxis: axis(now, 'Place in the field, %', {type: 'value', min: 0, max: 100}),
      yAxis: upright(now, 'Intensity', {scale: true}),
      series: [line(names[0], f.profile_x, now.bar, true), line(names[1], f.corrected_profile_x, now.bar, false),
        line(names[2], f.profile_y, now.more[0], true), line(names[3], f.corrected_profile_y, now.more[0], false)]
    })
  })];
}
