/**
 * Plainly fictional companies, by branch: what follows "Demo: " in their names. About nine a branch, seventy in all; the
 * Polish letters are there on purpose, for sorting and searching.
 */
export const demoCompanies = {
  construction: [
    'Cegła i Kielnia',
    'Dom od Komina',
    'Kładka nad Rzeczką',
    'Murek Południowy',
    'Pion i Poziom',
    'Rusztowania Żuraw',
    'Solidny Strop',
    'Śruba i Belka',
    'Tynk na Czas',
  ],
  chemical: [
    'Akwarela Barwniki',
    'Bąbel Detergenty',
    'Krem i Chłód',
    'Lakier Łagodny',
    'Mydło z Pianką',
    'Olejek Pod Sosną',
    'Pachnąca Kolba',
    'Żel i Balsam',
    'Zielona Probówka',
  ],
  energy: [
    'Ciepło z Pompy',
    'Ładna Ładowarka',
    'Panel Południe',
    'Prąd na Dachu',
    'Słoneczna Zatoka',
    'Turbina Pod Wiatr',
    'Watomierz',
    'Wiatr w Żagle',
    'Zielony Amper',
  ],
  ict: [
    'Bit po Bicie',
    'Chmura Pierzasta',
    'Ćwierć Bajta',
    'Dane w Porządku',
    'Kod na Jutro',
    'Łącze Światłowodne',
    'Piksel i Spółka',
    'Serwer pod Schodami',
    'Trzy Klawisze',
  ],
  advertising: [
    'Afisz i Spółka',
    'Baner na Wietrze',
    'Dobre Hasło',
    'Echo Reklamy',
    'Litera do Litery',
    'Neon w Oknie',
    'Plakat z Pomysłem',
    'Świetny Szyld',
    'Znak Graficzny',
  ],
  machines: [
    'Dźwignia Projekt',
    'Frezarka Marzeń',
    'Koło Zębate',
    'Łożysko Biuro Konstrukcyjne',
    'Nakrętka i Spółka',
    'Obrót o Dziewięćdziesiąt',
    'Prasa Precyzyjna',
    'Ramię Robota',
    'Trybik',
  ],
  services: [
    'Bilans na Zero',
    'Dobra Kadra',
    'Kancelaria Paragraf',
    'Księga Przychodów',
    'Łatwy Leasing',
    'Nauka przy Kawie',
    'Porządna Faktura',
    'Tłumacze Bez Granic',
  ],
  other: [
    'Ćma Studio Światła',
    'Dron nad Polem',
    'Kawa z Podwórka',
    'Laboratorium Smaku',
    'Ogród na Piętrze',
    'Rower do Pracy',
    'Szycie na Miarę',
    'Warsztat Różności',
  ],
} as const;

export type DemoBranch = keyof typeof demoCompanies;

/** What the companies of a branch offer; taken in turn. */
export const demoOffers: Readonly<Record<DemoBranch, readonly (readonly [pl: string, en: string])[]>> = {
  construction: [
    ['Budynki przemysłowe, remonty hal', 'Industrial buildings, renovation of halls'],
    ['Projekty i\u00a0nadzór budowlany', 'Building design and supervision'],
  ],
  chemical: [
    ['Kosmetyki pielęgnacyjne na zlecenie', 'Skin care cosmetics made to order'],
    ['Środki czystości dla przemysłu', 'Cleaning agents for industry'],
  ],
  energy: [
    ['Instalacje fotowoltaiczne i\u00a0magazyny energii', 'Solar installations and energy storage'],
    ['Audyty energetyczne firm', 'Energy audits for companies'],
  ],
  ict: [
    ['Oprogramowanie na zamówienie', 'Software made to order'],
    ['Sieci i\u00a0bezpieczeństwo danych', 'Networks and data security'],
  ],
  advertising: [
    ['Identyfikacja wizualna, druk wielkoformatowy', 'Visual identity, large-format printing'],
    ['Kampanie w\u00a0internecie', 'Online campaigns'],
  ],
  machines: [
    ['Linie montażowe, automatyzacja', 'Assembly lines, automation'],
    ['Części maszyn na podstawie rysunku', 'Machine parts from drawings'],
  ],
  services: [
    ['Księgowość i\u00a0kadry', 'Accounting and payroll'],
    ['Szkolenia i\u00a0doradztwo', 'Training and consulting'],
  ],
  other: [
    ['Usługi dla najemców parku', 'Services for the park’s tenants'],
    ['Prototypy i\u00a0małe serie', 'Prototypes and small series'],
  ],
};

export const demoTags = ['eksport', 'inkubator', 'produkcja', 'badania', 'szkolenia', 'laboratorium'];
