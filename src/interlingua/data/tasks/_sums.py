"""Four sums as worked examples, the same in eleven languages, for arithmetic tasks.

The wording is ours and not checked by native speakers.
"""

from interlingua.data.tasks._asked import frames, solved

_STEPS = ("5 + 3 = 8", "12 - 5 = 7", "6 * 4 = 24", "20 / 5 = 4")
_QUESTIONS = {
    "bn": (
        "মিয়ার কাছে 5টি আপেল আছে। সে আরও 3টি কেনে। এখন তার কাছে কয়টি আপেল আছে?",
        "একটি গাছে 12টি পাখি আছে। তাদের মধ্যে 5টি উড়ে যায়। কয়টি পাখি বাকি থাকে?",
        "একটি বাক্সে 6টি ডিম ধরে। 4টি বাক্সে কয়টি ডিম ধরে?",
        "20টি পেন্সিল 5 জন শিশুর মধ্যে সমানভাবে ভাগ করা হয়। প্রত্যেক শিশু কয়টি পেন্সিল পায়?",
    ),
    "de": (
        "Mia hat 5 Äpfel. Sie kauft 3 weitere. Wie viele Äpfel hat sie jetzt?",
        "Auf einem Baum sitzen 12 Vögel. 5 davon fliegen weg. Wie viele Vögel bleiben übrig?",
        "In eine Schachtel passen 6 Eier. Wie viele Eier passen in 4 Schachteln?",
        "20 Stifte werden gleichmäßig auf 5 Kinder verteilt. Wie viele Stifte bekommt jedes Kind?",
    ),
    "en": (
        "Mia has 5 apples. She buys 3 more. How many apples does she have now?",
        "There are 12 birds in a tree. 5 of them fly away. How many birds are left?",
        "A box holds 6 eggs. How many eggs do 4 boxes hold?",
        "20 pencils are shared equally among 5 children. How many pencils does each child get?",
    ),
    "es": (
        "Mia tiene 5 manzanas. Compra 3 más. ¿Cuántas manzanas tiene ahora?",
        "Hay 12 pájaros en un árbol. 5 de ellos se van volando. ¿Cuántos pájaros quedan?",
        "En una caja caben 6 huevos. ¿Cuántos huevos caben en 4 cajas?",
        "Se reparten 20 lápices a partes iguales entre 5 niños. ¿Cuántos lápices recibe cada niño?",
    ),
    "fr": (
        "Mia a 5 pommes. Elle en achète 3 de plus. Combien de pommes a-t-elle maintenant ?",
        "Il y a 12 oiseaux dans un arbre. 5 d'entre eux s'envolent. Combien d'oiseaux reste-t-il ?",
        "Une boîte contient 6 œufs. Combien d'œufs contiennent 4 boîtes ?",
        "On partage 20 crayons à parts égales entre 5 enfants. Combien de crayons reçoit chaque enfant ?",
    ),
    "ja": (
        "ミアはりんごを5個持っています。さらに3個買いました。りんごは全部で何個ありますか？",
        "木に鳥が12羽とまっています。そのうち5羽が飛んでいきました。鳥は何羽残っていますか？",
        "1箱に卵が6個入ります。4箱には卵が何個入りますか？",
        "鉛筆20本を5人の子どもに同じ数ずつ分けます。1人何本もらえますか？",
    ),
    "ru": (
        "У Мии 5 яблок. Она покупает ещё 3. Сколько яблок у неё теперь?",
        "На дереве сидят 12 птиц. 5 из них улетают. Сколько птиц осталось?",
        "В одну коробку помещается 6 яиц. Сколько яиц помещается в 4 коробки?",
        "20 карандашей поровну раздали 5 детям. Сколько карандашей получил каждый ребёнок?",
    ),
    "sw": (
        "Mia ana matufaha 5. Ananunua mengine 3. Sasa ana matufaha mangapi?",
        "Kuna ndege 12 juu ya mti. 5 kati yao wanaruka na kuondoka. Wamebaki ndege wangapi?",
        "Sanduku moja linabeba mayai 6. Masanduku 4 yanabeba mayai mangapi?",
        "Penseli 20 zinagawanywa sawasawa kwa watoto 5. Kila mtoto anapata penseli ngapi?",
    ),
    "te": (
        "మియా దగ్గర 5 ఆపిల్ పండ్లు ఉన్నాయి. ఆమె మరో 3 కొంటుంది. ఇప్పుడు ఆమె దగ్గర ఎన్ని ఆపిల్ పండ్లు ఉన్నాయి?",
        "ఒక చెట్టు మీద 12 పక్షులు ఉన్నాయి. వాటిలో 5 ఎగిరిపోయాయి. ఎన్ని పక్షులు మిగిలాయి?",
        "ఒక పెట్టెలో 6 గుడ్లు పడతాయి. 4 పెట్టెలలో ఎన్ని గుడ్లు పడతాయి?",
        "20 పెన్సిళ్లను 5 మంది పిల్లలకు సమానంగా పంచారు. ఒక్కొక్కరికి ఎన్ని పెన్సిళ్లు వస్తాయి?",
    ),
    "th": (
        "มีอามีแอปเปิล 5 ลูก เธอซื้อเพิ่มอีก 3 ลูก ตอนนี้เธอมีแอปเปิลกี่ลูก",
        "มีนก 12 ตัวอยู่บนต้นไม้ บินหนีไป 5 ตัว เหลือนกกี่ตัว",
        "กล่องหนึ่งใบใส่ไข่ได้ 6 ฟอง กล่อง 4 ใบใส่ไข่ได้กี่ฟอง",
        "แบ่งดินสอ 20 แท่งให้เด็ก 5 คนเท่าๆ กัน เด็กแต่ละคนได้ดินสอกี่แท่ง",
    ),
    "zh": (
        "米娅有5个苹果，又买了3个。她现在有多少个苹果？",
        "树上有12只鸟，飞走了5只。还剩多少只鸟？",
        "一个盒子能装6个鸡蛋。4个盒子能装多少个鸡蛋？",
        "把20支铅笔平均分给5个孩子。每个孩子得到多少支铅笔？",
    ),
}

QUESTION = {lang: frame for lang, frame in frames().items() if lang in _QUESTIONS}
SHOTS = {
    lang: solved(QUESTION[lang], ("question", "answer"), list(zip(asked, _STEPS, strict=True)))
    for lang, asked in _QUESTIONS.items()
}
FEW = len(_STEPS)
