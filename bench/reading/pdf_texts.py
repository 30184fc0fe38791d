"""What stands in the PDFs: columns as they are set, line by line, and tables."""

from __future__ import annotations

LEFT = """\
Derneğimiz 2024 yılını yoğun bir
çalışmayla kapattı. Kermeslerden
elde edilen gelirle iki dersliğin
onarımı tamamlandı. Her yıl verilen
sürdürülebilirlik ödülü bu yıl Kadri-
ye Moroğlu Ortaokuluna verildi.
Okulun öğrencileri yağmur suyunu
toplayan bir bahçe kurdu ve bahçede
yetiştirdikleri sebzeleri yemekhaneye
verdi. Ödül töreni belediye konser-
vatuvarında yapıldı.""".splitlines()
RIGHT = """\
Gıda bankamızdan yıl boyunca 318
aile yararlandı. Kolilerin dağıtımında
kırk iki gönüllü görev yaptı. Soğuk
hava deposunun kirası bir bağışçımız
tarafından karşılandı. Burslar: 2025-
2026 öğretim yılı için başvurular 15
Eylül'de başlıyor. Not ortalaması en
az 70 olan öğrenciler başvurabilir;
sonuçlar dernek panosunda ve e-
posta ile duyurulur.""".splitlines()
ABSTRACT = """\
We compared three irrigation systems
on almond orchards for two seasons.
Over both years subsurface drip lines
used 37 percent less water than sprin-
klers at the same yield. Surface drip
lay between the two. The difference was
largest in July, when evapotranspira-
tion exceeds nine millimetres a day.""".splitlines()
METHODS = """\
Soil moisture was logged every quar-
ter of an hour: capacitance probes of
type HydraSense 4 were buried at 20,
40 and 80 centimetres below the emit-
ters. Probes were calibrated against
gravimetric samples. Trees were planted
in 2011 on rootstock GF677, six metres
apart between rows.""".splitlines()
PRICES = [
    line.split(" | ")
    for line in """\
Ürün | Ambalaj | Stok | Birim fiyat (TL)
Kırmızı mercimek | 5 kg | 140 | 249,00
Kırmızı mercimek | 25 kg | 62 | 1.187,50
Yeşil mercimek | 25 kg |  | 1.320,00
Nohut (8 mm) | 25 kg | 31 | 1.465,00
Kuru incir | 10 kg | tükendi | 2.150,00
Kuru kayısı | 10 kg | 18 | 2.780,00
Pilavlık bulgur | 25 kg | 205 | 612,50""".splitlines()
]
TRIPS = [
    line.split(" | ")
    for line in """\
Varış | Çıkış | Plaka | Sürücü | Palet | Varış saati
Ankara | 3 Mart 06.00 | 16 ABJ 417 | R. Koç | 24 | 12.30
Gaziantep | 3 Mart 20.00 | 16 ABK 552 | H. Solak | 33 | 11.15
İzmir | 4 Mart 05.30 | 16 ABK 560 | T. Er | 18 | 09.45
Samsun | 4 Mart 19.00 | 16 ABL 003 | N. Duru | 26 | 06.20
Antalya | 5 Mart 04.00 | 16 ABJ 418 | Y. Ak | 30 | 13.00""".splitlines()
]
