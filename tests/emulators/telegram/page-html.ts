/** One page, no build: people on the left, the chosen one's chat on the right. */
export const pageHtml = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Telegram stand-in</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:16px system-ui,sans-serif;margin:0;display:grid;grid-template-columns:14rem 1fr;height:100vh}
nav{border-right:1px solid #ccc;padding:1rem;overflow:auto}main{display:flex;flex-direction:column;min-height:0}
nav button{display:block;width:100%;text-align:left;margin:.2rem 0}
#log{flex:1;overflow:auto;padding:1rem;background:#e6ebee}
.m{max-width:34rem;margin:.4rem 0;padding:.5rem .8rem;border-radius:.8rem;background:#fff;white-space:pre-wrap;overflow-wrap:anywhere}
.user{margin-left:auto;background:#dcf8c6}.media,.reply{color:#555;font-size:.9em}
.row{display:flex;gap:.3rem;margin-top:.3rem}.row>*{flex:1}
form{display:flex;gap:.5rem;padding:.7rem}form input[name=text]{flex:1}
</style></head><body>
<nav><h1 style="font-size:1.1rem">Telegram stand-in</h1><div id="people"></div>
<form id="add" style="flex-direction:column"><input name="name" placeholder="Name" aria-label="Name">
<select name="language" aria-label="Language"><option>pl</option><option>en</option></select><button>Add a person</button></form></nav>
<main><div id="log" aria-live="polite"></div>
<form id="say"><input name="text" aria-label="Message" placeholder="/start, or any words" autocomplete="off"><button>Send</button>
<button type="button" id="block">Block</button><button type="button" id="unblock">Unblock</button></form></main>
<script>
let current=null,seen='';let replyTo=null;
const $=(id)=>document.getElementById(id);
const post=(path,body)=>fetch(path,{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify(body)}).then(r=>r.json());
const el=(tag,props,...children)=>{const e=Object.assign(document.createElement(tag),props);e.append(...children);return e};
const names={bold:'b',italic:'i',blockquote:'blockquote',text_link:'a'};
function words(m){const out=el('div',{});let at=0;for(const e of m.entities){out.append(m.text.slice(at,e.offset),el(names[e.type]||'span',{},m.text.slice(e.offset,e.offset+e.length)));at=e.offset+e.length}out.append(m.text.slice(at));return out}
function show(m){const box=el('div',{className:'m '+m.from,title:'#'+m.messageId+(m.edits?' · edited':'')});
if(m.replyTo)box.append(el('div',{className:'reply'},'↩ #'+m.replyTo));
if(m.media)box.append(el('div',{className:'media'},'📎 '+m.media.kind+' '+m.media.name));
box.append(words(m));
for(const row of m.markup?m.markup.inline_keyboard:[]){box.append(el('div',{className:'row'},...row.map(b=>b.url?el('a',{href:b.url,target:'_blank',rel:'noreferrer'},b.text+' ↗'):el('button',{onclick:()=>post('/press',{id:current,message:m.messageId,data:b.callback_data}).then(tick)},b.text))))}
if(m.from==='bot')box.append(el('button',{onclick:()=>{replyTo=m.messageId;document.querySelector('[name=text]').placeholder='Reply to #'+m.messageId;document.querySelector('[name=text]').focus()},className:'reply'},'Reply'));
return box}
async function tick(){const people=await fetch('/people').then(r=>r.json());
$('people').replaceChildren(...people.map(p=>el('button',{onclick:()=>{current=p.id;seen='';tick()},ariaCurrent:String(p.id===current)},(p.id===current?'▸ ':'')+p.name+' ('+p.language+', '+p.state+')')));
if(current===null&&people[0])current=people[0].id;if(current===null)return;
const text=await fetch('/messages?id='+current).then(r=>r.text());if(text===seen)return;seen=text;
$('log').replaceChildren(...JSON.parse(text).map(show));$('log').scrollTop=1e9}
$('add').onsubmit=(e)=>{e.preventDefault();post('/people',Object.fromEntries(new FormData(e.target))).then(r=>{current=r.id;e.target.reset();tick()})};
$('say').onsubmit=(e)=>{e.preventDefault();const i=e.target.elements.text;if(current===null||!i.value)return;post('/say',{id:current,text:i.value,message:replyTo}).then(tick);i.value='';replyTo=null;i.placeholder='/start, or any words'};
$('block').onclick=()=>post('/block',{id:current}).then(tick);$('unblock').onclick=()=>post('/unblock',{id:current}).then(tick);
setInterval(tick,600);tick();
</script></body></html>
`;
