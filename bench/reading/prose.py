"""Paragraphs that answer no question: what else stands in a person's files."""

from __future__ import annotations

from itertools import cycle, islice

_TURKISH = (
    "Toplantıda geçen yılın faaliyetleri gözden geçirildi, yeni dönemin öncelikleri konuşuldu ve "
    "görev dağılımı yapıldı. Üyeler, çalışmaların daha sık duyurulmasını ve her ay kısa bir rapor "
    "hazırlanmasını istedi. Alınan kararlar tutanağa geçirildi ve ilgililere gönderildi.",
    "Taraflar, işbu belgede yazılı adreslerinin tebligat adresi olduğunu, adres değişikliklerini "
    "yazılı olarak bildirmedikçe eski adrese yapılan bildirimlerin geçerli sayılacağını kabul "
    "eder. Bildirimler iadeli taahhütlü mektupla ya da noter aracılığıyla yapılır.",
    "Başvurular, gerekli belgelerin eksiksiz olarak verilmesinden sonra değerlendirmeye alınır. "
    "Eksik belge bulunması hâlinde başvuru sahibine yedi gün içinde bilgi verilir. Değerlendirme "
    "sonucuna on beş gün içinde itiraz edilebilir; itirazlar komisyonca incelenir.",
    "Malzemeler kuru ve serin bir yerde, doğrudan güneş almayan raflarda saklanmalıdır. Sayım her "
    "ayın son iş günü yapılır, eksik çıkan kalemler satın alma birimine bildirilir. Kırılan ya da "
    "bozulan parçalar ayrı bir listede tutulur ve üç ayda bir imha edilir.",
    "Çalışanların izinleri, işin aksamaması gözetilerek birim amirince planlanır. Resmî tatil "
    "günlerinde yapılan çalışma ayrıca hesaplanır. Yıllık izinlerin bölünerek kullanılması, bir "
    "bölümünün on günden az olmaması şartıyla mümkündür.",
    "Deneyde ölçülen değerler beklenen aralıkta kaldı; sapmanın nedeni olarak ortam sıcaklığındaki "
    "dalgalanma gösterildi. Ölçümler üç kez yinelendi ve ortalamaları alındı. Sonuçlar, önceki "
    "yıllarda yayımlanan çalışmalarla büyük ölçüde uyumludur.",
    "Bakım sırasında filtreler değiştirildi, kayışların gerginliği ayarlandı ve gres noktaları "
    "yağlandı. Bir sonraki bakımın, çalışma saatine bakılmaksızın en geç altı ay içinde yapılması "
    "önerilir. Kullanılan yedek parçaların faturaları dosyaya eklenmiştir.",
    "Veliler, öğrencinin devamsızlığını aynı gün okula bildirmekle yükümlüdür. Sağlık raporları "
    "beş iş günü içinde teslim edilir. Gezi ve etkinliklere katılım, velinin yazılı iznine "
    "bağlıdır; ulaşım ve yemek giderleri ayrıca duyurulur.",
    "Belediye ekipleri, yağışlardan sonra tıkanan ızgaraları temizledi ve çöken kaldırımları "
    "onardı. Mahalle sakinlerinin talepleri ilgili birimlere iletildi. Çalışmalar süresince "
    "sürücülerin hız kurallarına uyması ve alternatif yolları kullanması rica olunur.",
    "Ürünlerimiz iki yıl garanti kapsamındadır. Kullanım kılavuzuna aykırı kullanımdan doğan "
    "arızalar garanti dışıdır. Servis kaydı için seri numarasının ve satın alma belgesinin hazır "
    "bulundurulması gerekir; onarım süresi en fazla yirmi iş günüdür.",
)
_ENGLISH = (
    "The committee reviewed the activities of the past year and agreed on the priorities for the "
    "coming term. Members asked for shorter reports and for earlier notice of meetings. The "
    "decisions were recorded and sent to everybody concerned.",
    "Samples were stored at four degrees and analysed within two days of collection. Each "
    "measurement was repeated three times, and the mean was used in all further calculations. "
    "Deviations were attributed to changes in humidity during transport.",
    "Employees are expected to report any accident to their supervisor on the same day. First aid "
    "boxes are found on every floor and are checked once a month. Visitors sign in at reception "
    "and wear a badge for as long as they stay in the building.",
    "The supplier shall deliver the goods in their original packaging and free of defects. Claims "
    "must be made in writing and include photographs of the damage. Replacement parts are "
    "shipped at the expense of the party at fault.",
    "Funding for the second phase depends on the outcome of the pilot. A steering group meets "
    "every quarter, compares progress with the plan and decides on changes. Minutes are public "
    "and can be read on the web site of the foundation.",
    "Refunds are issued to the card that was used for payment. Depending on the bank it may take "
    "a few days before the amount appears on a statement. Gift vouchers cannot be exchanged for "
    "cash, and lost vouchers are not replaced.",
)


def turkish(count: int, first: int = 0) -> list[str]:
    """Some Turkish paragraphs, beginning with one of them."""
    return list(islice(cycle(_TURKISH), first, first + count))


def english(count: int, first: int = 0) -> list[str]:
    """Some English paragraphs, beginning with one of them."""
    return list(islice(cycle(_ENGLISH), first, first + count))
