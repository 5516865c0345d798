/** One page, no build: people on the left, what the chosen one is shown on the right. */
export const pageHtml = (title: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} stand-in</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:16px system-ui,sans-serif;margin:0;display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;height:100vh}
nav{border-right:1px solid #ccc;padding:1rem;overflow:auto}main{display:flex;flex-direction:column;min-height:0}
nav button{display:block;width:100%;text-align:left;margin:.2rem 0}
#log{flex:1;overflow:auto;padding:1rem;background:#e6ebee}
.m{max-width:34rem;margin:.4rem 0;padding:.5rem .8rem;border-radius:.8rem;background:#fff;overflow-wrap:anywhere}
.words{white-space:pre-wrap}.user{margin-left:auto;background:#dcf8c6}.small{color:#555;font-size:.9em}.bold{font-weight:700}
.italic{font-style:italic}.blockquote{border-left:3px solid #999;padding-left:.5rem}
.row{display:flex;gap:.3rem;margin-top:.3rem}.row>*{flex:1}
form{display:flex;gap:.5rem;padding:.7rem;flex-wrap:wrap}form input[name=text]{flex:1;min-width:10rem}dialog textarea{width:100%}
</style></head><body>
<nav><h1 style="font-size:1.1rem">${title} stand-in</h1><div id="people"></div>
<form id="add" style="flex-direction:column;padding:.7rem 0"><input name="name" placeholder="Name" aria-label="Name">
<select name="language" aria-label="Language"><option>pl</option><option>en</option></select><button>Add a person</button></form></nav>
<main><div id="log" aria-live="polite"></div>
<form id="say"><input name="text" aria-label="Message" placeholder="A command, or any words" autocomplete="off"><button>Send</button><span id="deeds"></span></form></main>
<dialog id="window"><form id="submit"><h2 id="window-title"></h2><label><span id="window-label"></span><textarea name="text" rows="4"></textarea></label><button id="window-submit"></button></form></dialog>
<script>
let current=null,seen='',replyTo='';
const $=(id)=>document.getElementById(id);
const post=(path,body)=>fetch(path,{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify(body)}).then(r=>r.json());
const act=(path,body)=>post(path,{id:current,...body}).then(tick);
const el=(tag,props,...children)=>{const e=Object.assign(document.createElement(tag),props);e.append(...children);return e};
const input=()=>$('say').elements.text;
function show(m){const box=el('div',{className:'m '+m.from,title:'#'+m.id+(m.edits?' · edited':'')});
if(m.replyTo)box.append(el('div',{className:'small'},'↩ #'+m.replyTo));
for(const file of m.files)box.append(el('div',{className:'small'},'📎 '+file));
box.append(el('div',{className:'words'},...m.words.map(w=>el('span',{className:w.kind||''},w.text))));
for(const row of m.rows)box.append(el('div',{className:'row'},...row.map(k=>k.url?el('a',{href:k.url,target:'_blank',rel:'noreferrer'},k.label+' ↗'):el('button',{onclick:()=>act('/press',{message:m.id,press:k.press})},k.label))));
if(m.from==='bot')box.append(el('button',{onclick:()=>{replyTo=m.id;input().placeholder='Reply to #'+m.id;input().focus()},className:'small'},'Reply'));
return box}
async function tick(){const people=await fetch('/people').then(r=>r.json());
$('people').replaceChildren(...people.map(p=>el('button',{onclick:()=>{current=p.id;seen='';tick()},ariaCurrent:String(p.id===current)},(p.id===current?'▸ ':'')+p.name+' ('+p.about+')')));
if(current===null&&people[0])current=people[0].id;if(current===null)return;
const text=await fetch('/messages?id='+current).then(r=>r.text());if(text===seen)return;seen=text;
const {messages,window,deeds}=JSON.parse(text);
$('log').replaceChildren(...messages.map(show));$('log').scrollTop=1e9;
$('deeds').replaceChildren(...deeds.map(d=>el('button',{type:'button',onclick:()=>act('/do',{text:d})},d)));
if(!window)$('window').close();
else{$('window-title').textContent=window.title;$('window-label').textContent=window.label;$('window-submit').textContent=window.submit;if(!$('window').open)$('window').showModal()}}
$('add').onsubmit=(e)=>{e.preventDefault();post('/people',Object.fromEntries(new FormData(e.target))).then(r=>{current=r.id;e.target.reset();tick()})};
$('say').onsubmit=(e)=>{e.preventDefault();if(current===null||!input().value)return;act('/say',{text:input().value,message:replyTo});input().value='';replyTo='';input().placeholder='A command, or any words'};
$('submit').onsubmit=(e)=>{e.preventDefault();act('/submit',{text:e.target.elements.text.value});e.target.reset()};
setInterval(tick,600);tick();
</script></body></html>
`;
