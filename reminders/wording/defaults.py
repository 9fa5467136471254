"""The words that come with the release: villagers and trainers read Indonesian, staff the language they chose.

They are data, not labels of the interface: they are registered at WhatsApp, and an administrator may change them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.states import Language
from reminders.states import Form, Script

ID, EN = Language.INDONESIAN, Language.ENGLISH


@dataclass(frozen=True)
class Words:
    """One text of one script, in one form and language, with the subject of an e-mail and the name at WhatsApp."""

    body: str
    subject: str = ""
    name: str = ""


@dataclass(frozen=True)
class Said:
    """What one script says: the news itself, what follows it, the news as an SMS, and the subject of an e-mail."""

    news: str
    after: str
    short: str
    subject: str


NAMES: Mapping[Script, str] = {
    Script.INVITATION: "undangan_sesi",
    Script.H3: "pengingat_sesi_h3",
    Script.H1: "pengingat_sesi_h1",
    Script.H0: "pengingat_sesi_h0",
    Script.CHANGE: "perubahan_jadwal",
    Script.CANCELLATION: "pembatalan_sesi",
    Script.SEVERAL: "jadwal_beberapa_sesi",
    Script.TRAINER_INVITATION: "narasumber_undangan",
    Script.TRAINER_H3: "narasumber_pengingat_h3",
    Script.TRAINER_H1: "narasumber_pengingat_h1",
    Script.TRAINER_H0: "narasumber_pengingat_h0",
    Script.TRAINER_CHANGE: "narasumber_perubahan",
    Script.TRAINER_CANCELLATION: "narasumber_pembatalan",
    Script.TRAINER_SEVERAL: "narasumber_beberapa_sesi",
    Script.VISIT_TOMORROW: "kunjungan_besok",
    Script.VISIT_MISSING: "kunjungan_belum_dicatat",
    Script.ACTION_DUE: "tindak_lanjut",
    Script.VISIT_RETURNED: "laporan_dikembalikan",
    Script.ACTION_OVERDUE: "tindak_lanjut_terlambat",
    Script.HANDOVER: "serah_terima",
    Script.HANDOVER_SIGNED: "serah_terima_selesai",
    Script.SHEET_MISSING: "daftar_hadir_belum_diisi",
    Script.CLAIM_SUBMITTED: "klaim_diajukan",
    Script.CLAIM_APPROVED: "klaim_disetujui",
    Script.CLAIM_RETURNED: "klaim_dikembalikan",
    Script.CLAIM_REJECTED: "klaim_ditolak",
    Script.CLAIM_PAID: "klaim_dibayar",
    Script.DIGEST: "ringkasan_pagi",
    Script.OUTAGE: "pesan_terlambat",
    Script.CERTIFICATE: "sertifikat_siap",
}

# What follows the news, where one can answer by message and where one cannot.
ASK, SCHEDULE, OPEN, FETCH, NOTHING = "ask", "schedule", "open", "fetch", "nothing"
_AFTER: Mapping[str, Mapping[str, tuple[str, str]]] = {
    ID: {
        ASK: (
            "Apakah Anda bisa hadir? Balas HADIR atau IZIN, atau jawab di sini: {link}",
            "Apakah Anda bisa hadir? Jawab di sini: {link}\nDi sana Anda juga bisa berhenti menerima pesan.",
        ),
        SCHEDULE: ("Jadwal: {link}", "Jadwal: {link}\nDi sana Anda juga bisa berhenti menerima pesan."),
        OPEN: ("Buka aplikasi: {link}", "Buka aplikasi: {link}"),
        FETCH: ("Unduh di sini: {link}", "Unduh di sini: {link}"),
        NOTHING: ("", ""),
    },
    EN: {
        OPEN: ("Open the application: {link}", "Open the application: {link}"),
    },
}
_STOP: Mapping[str, str] = {
    ID: "Balas BERHENTI untuk tidak menerima pesan.",
    EN: "Reply BERHENTI to get no more messages.",
}

_WHEN = "\nHari: {day}\nPukul: {hours}\nTempat: {place}"
_SHORT = "{title}, {day} pk {time}, {place}."

INDONESIAN: Mapping[Script, Said] = {
    Script.INVITATION: Said(
        "Halo {hello}, undangan pelatihan *{title}*." + _WHEN,
        ASK,
        "Undangan utk {hello}: " + _SHORT + " Balas 1=Hadir 2=Tidak. BERHENTI utk stop.",
        "Undangan: {title} — {day}, {time}",
    ),
    Script.H3: Said(
        "Halo {hello}, pengingat pelatihan *{title}*." + _WHEN,
        ASK,
        "Pengingat utk {hello}: " + _SHORT + " Balas 1=Hadir 2=Tidak. BERHENTI utk stop.",
        "Pengingat: {title} — {day}, {time}",
    ),
    Script.H1: Said(
        "Halo {hello}, pengingat pelatihan *{title}*." + _WHEN,
        ASK,
        "Pengingat utk {hello}: " + _SHORT + " Balas 1=Hadir 2=Tidak. BERHENTI utk stop.",
        "Pengingat: {title} — {day}, {time}",
    ),
    Script.H0: Said(
        "Halo {hello}, pelatihan *{title}* dimulai hari ini pukul {time} di {place}. Sampai jumpa.",
        SCHEDULE,
        "Hari ini utk {hello}: " + _SHORT + " Sampai jumpa. BERHENTI utk stop.",
        "Hari ini: {title} — {time}",
    ),
    Script.CHANGE: Said(
        "Halo {hello}, jadwal pelatihan *{title}* berubah.\nSemula: {before}.\nMenjadi: {now} di {place}.\n"
        "Mohon maaf atas perubahan ini.",
        SCHEDULE,
        "Jadwal baru utk {hello}: {title}. Semula {before}, jadi {now}, {place}. BERHENTI utk stop.",
        "Jadwal berubah: {title} — {now}",
    ),
    Script.CANCELLATION: Said(
        "Halo {hello}, pelatihan *{title}* pada {day}, pukul {hours}, dibatalkan.\nAlasan: {reason}.\n"
        "Jadwal pengganti akan kami kabarkan.",
        SCHEDULE,
        "Dibatalkan utk {hello}: {title}, {day} pk {time}. Alasan: {reason}. BERHENTI utk stop.",
        "Dibatalkan: {title} — {day}, {time}",
    ),
    Script.SEVERAL: Said(
        "Halo {hello}, berikut jadwal pelatihannya.\n\n{items}\n",
        ASK,
        "Pelatihan utk {hello}: {items}. BERHENTI utk stop.",
        "Jadwal pelatihan: {count} pertemuan",
    ),
    Script.TRAINER_INVITATION: Said(
        "Halo {hello}, Anda dijadwalkan sebagai narasumber pelatihan *{title}*." + _WHEN,
        NOTHING,
        "Narasumber {hello}: Anda dijadwalkan di " + _SHORT + " BERHENTI utk stop.",
        "Narasumber: {title} — {day}, {time}",
    ),
    Script.TRAINER_H3: Said(
        "Halo {hello}, pengingat: Anda narasumber pelatihan *{title}*." + _WHEN,
        NOTHING,
        "Pengingat narasumber {hello}: " + _SHORT + " BERHENTI utk stop.",
        "Pengingat narasumber: {title} — {day}, {time}",
    ),
    Script.TRAINER_H1: Said(
        "Halo {hello}, pengingat: Anda narasumber pelatihan *{title}*." + _WHEN,
        NOTHING,
        "Pengingat narasumber {hello}: " + _SHORT + " BERHENTI utk stop.",
        "Pengingat narasumber: {title} — {day}, {time}",
    ),
    Script.TRAINER_H0: Said(
        "Halo {hello}, pelatihan *{title}* yang Anda isi dimulai hari ini pukul {time} di {place}. Sampai jumpa.",
        NOTHING,
        "Hari ini, narasumber {hello}: " + _SHORT + " Sampai jumpa. BERHENTI utk stop.",
        "Hari ini: {title} — {time}",
    ),
    Script.TRAINER_CHANGE: Said(
        "Halo {hello}, jadwal pelatihan *{title}* yang Anda isi berubah.\nSemula: {before}.\n"
        "Menjadi: {now} di {place}.\nMohon maaf atas perubahan ini.",
        NOTHING,
        "Jadwal baru {hello}: {title}. Semula {before}, jadi {now}, {place}. BERHENTI utk stop.",
        "Jadwal berubah: {title} — {now}",
    ),
    Script.TRAINER_CANCELLATION: Said(
        "Halo {hello}, pelatihan *{title}* yang Anda isi pada {day}, pukul {hours}, dibatalkan.\nAlasan: {reason}.\n"
        "Jadwal pengganti akan kami kabarkan.",
        NOTHING,
        "Dibatalkan, narasumber {hello}: {title}, {day} pk {time}. Alasan: {reason}. BERHENTI utk stop.",
        "Dibatalkan: {title} — {day}, {time}",
    ),
    Script.TRAINER_SEVERAL: Said(
        "Halo {hello}, berikut pelatihan yang Anda isi sebagai narasumber.\n\n{items}\n",
        NOTHING,
        "Narasumber {hello}: {items}. BERHENTI utk stop.",
        "Jadwal narasumber: {count} pertemuan",
    ),
    Script.VISIT_TOMORROW: Said(
        "Halo {hello}, besok Anda dijadwalkan mengunjungi Desa {village}.\nHari: {day}\nPukul: {time}",
        OPEN,
        "Besok: kunjungan ke Desa {village}, {day} pk {time}. BERHENTI utk stop.",
        "Besok: kunjungan ke Desa {village}, {time}",
    ),
    Script.VISIT_MISSING: Said(
        "Halo {hello}, kunjungan ke Desa {village} pada {day} belum dicatat. Mohon isi catatan kunjungannya.",
        OPEN,
        "Kunjungan ke Desa {village}, {day}, belum dicatat. Mohon isi catatannya. BERHENTI utk stop.",
        "Belum dicatat: kunjungan ke Desa {village}, {day}",
    ),
    Script.ACTION_DUE: Said(
        "Halo {hello}, ada {count} tindak lanjut di Desa {village} yang jatuh tempo {due}. "
        "Silakan buka aplikasi untuk memperbarui.",
        OPEN,
        "{count} tindak lanjut di Desa {village} jatuh tempo {due}. Silakan perbarui di aplikasi. BERHENTI utk stop.",
        "Tindak lanjut di Desa {village}: {count} jatuh tempo",
    ),
    Script.VISIT_RETURNED: Said(
        "Halo {hello}, catatan kunjungan ke Desa {village} pada {day} dikembalikan untuk dilengkapi.",
        OPEN,
        "Catatan kunjungan ke Desa {village}, {day}, dikembalikan untuk dilengkapi. BERHENTI utk stop.",
        "Dikembalikan: kunjungan ke Desa {village}, {day}",
    ),
    Script.ACTION_OVERDUE: Said(
        "Halo {hello}, ada {count} tindak lanjut di Desa {village} yang lewat waktu sejak {due}. "
        "Silakan selesaikan atau beri hari baru di aplikasi.",
        OPEN,
        "{count} tindak lanjut di Desa {village} lewat waktu sejak {due}. Silakan perbarui. BERHENTI utk stop.",
        "Tindak lanjut di Desa {village}: {count} lewat waktu",
    ),
    Script.HANDOVER: Said(
        "Halo {hello}, serah terima Desa {village} menunggu tanda tangan Anda. Silakan baca dan tanda tangani.",
        OPEN,
        "Serah terima Desa {village} menunggu tanda tangan Anda. Silakan buka aplikasi. BERHENTI utk stop.",
        "Menunggu tanda tangan Anda: serah terima Desa {village}",
    ),
    Script.HANDOVER_SIGNED: Said(
        "Halo {hello}, serah terima Desa {village} sudah ditandatangani kedua pendamping pada {day}.",
        OPEN,
        "Serah terima Desa {village} sudah ditandatangani kedua pendamping. BERHENTI utk stop.",
        "Selesai: serah terima Desa {village}",
    ),
    Script.SHEET_MISSING: Said(
        "Halo {hello}, daftar hadir pelatihan *{title}* pada {day} belum diisi.",
        OPEN,
        "Daftar hadir {title}, {day}, belum diisi. BERHENTI utk stop.",
        "Belum diisi: daftar hadir {title}, {day}",
    ),
    Script.CLAIM_SUBMITTED: Said(
        "Halo {hello}, klaim subsidi kirim sampel dari {unit} sebesar {amount} menunggu verifikasi.",
        OPEN,
        "Klaim {unit}, {amount}, menunggu verifikasi. Silakan buka aplikasi. BERHENTI utk stop.",
        "Menunggu verifikasi: klaim {unit}, {amount}",
    ),
    Script.CLAIM_APPROVED: Said(
        "Halo {hello}, klaim subsidi kirim sampel dari {unit} sebesar {amount} sudah disetujui dan menunggu pencairan.",
        OPEN,
        "Klaim {unit}, {amount}, menunggu pencairan. Silakan buka aplikasi. BERHENTI utk stop.",
        "Menunggu pencairan: klaim {unit}, {amount}",
    ),
    Script.CLAIM_RETURNED: Said(
        "Halo {hello}, klaim subsidi kirim sampel dari {unit} sebesar {amount} dikembalikan untuk dilengkapi.",
        OPEN,
        "Klaim {unit}, {amount}, dikembalikan untuk dilengkapi. Silakan buka aplikasi. BERHENTI utk stop.",
        "Dikembalikan: klaim {unit}, {amount}",
    ),
    Script.CLAIM_REJECTED: Said(
        "Halo {hello}, klaim subsidi kirim sampel dari {unit} sebesar {amount} ditolak. Alasannya ada di aplikasi.",
        OPEN,
        "Klaim {unit}, {amount}, ditolak. Alasannya ada di aplikasi. BERHENTI utk stop.",
        "Ditolak: klaim {unit}, {amount}",
    ),
    Script.CLAIM_PAID: Said(
        "Halo {hello}, klaim subsidi kirim sampel dari {unit} sebesar {amount} dibayar pada {day}.",
        OPEN,
        "Klaim {unit}, {amount}, dibayar {day}. BERHENTI utk stop.",
        "Dibayar: klaim {unit}, {amount}",
    ),
    Script.DIGEST: Said(
        "Halo {hello}, {count} hal perlu perhatian Anda hari ini: {what}.",
        OPEN,
        "Perlu perhatian hari ini: {what}. BERHENTI utk stop.",
        "Perlu perhatian hari ini: {count} hal",
    ),
    Script.OUTAGE: Said(
        "Halo {hello}, layanan pesan sempat terhenti. {count} pesan terlambat dan tidak dikirim lagi.\n{what}",
        OPEN,
        "Layanan pesan sempat terhenti: {count} pesan terlambat dan tidak dikirim. Buka aplikasi. BERHENTI utk stop.",
        "Layanan pesan sempat terhenti: {count} pesan terlambat",
    ),
    Script.CERTIFICATE: Said(
        "Selamat {hello}, sertifikat pelatihan *{title}* sudah terbit.",
        FETCH,
        "Selamat {hello}, sertifikat {title} sudah terbit: {link} BERHENTI utk stop.",
        "Sertifikat sudah terbit: {title}",
    ),
}

ENGLISH: Mapping[Script, Said] = {
    Script.VISIT_TOMORROW: Said(
        "Hello {hello}, you are to visit the village {village} tomorrow.\nDay: {day}\nTime: {time}",
        OPEN,
        "Tomorrow: visit to the village {village}, {day} {time}. BERHENTI to stop.",
        "Tomorrow: visit to {village}, {time}",
    ),
    Script.VISIT_MISSING: Said(
        "Hello {hello}, the visit to the village {village} on {day} has not been logged. Please write its log.",
        OPEN,
        "The visit to {village}, {day}, has not been logged. Please write its log. BERHENTI to stop.",
        "Not logged: visit to {village}, {day}",
    ),
    Script.ACTION_DUE: Said(
        "Hello {hello}, action items in the village {village}: {count}, due {due}. "
        "Please open the application to update them.",
        OPEN,
        "Action items in {village}: {count}, due {due}. Please update them. BERHENTI to stop.",
        "Action items in {village}: {count} due",
    ),
    Script.VISIT_RETURNED: Said(
        "Hello {hello}, the log of the visit to the village {village} on {day} came back to be completed.",
        OPEN,
        "The log of the visit to {village}, {day}, came back to be completed. BERHENTI to stop.",
        "Returned: visit to {village}, {day}",
    ),
    Script.ACTION_OVERDUE: Said(
        "Hello {hello}, action items in the village {village}: {count}, overdue since {due}. "
        "Please settle them in the application, or give them a new day.",
        OPEN,
        "Action items in {village}: {count}, overdue since {due}. Please update them. BERHENTI to stop.",
        "Action items in {village}: {count} overdue",
    ),
    Script.HANDOVER: Said(
        "Hello {hello}, the handover of the village {village} waits for your signature. Please read and sign it.",
        OPEN,
        "The handover of {village} waits for your signature. Please open the application. BERHENTI to stop.",
        "Waits for your signature: handover of {village}",
    ),
    Script.HANDOVER_SIGNED: Said(
        "Hello {hello}, both mentors have signed the handover of the village {village} on {day}.",
        OPEN,
        "Both mentors have signed the handover of {village}. BERHENTI to stop.",
        "Signed: handover of {village}",
    ),
    Script.SHEET_MISSING: Said(
        "Hello {hello}, the attendance of the training *{title}* on {day} has not been entered.",
        OPEN,
        "The attendance of {title}, {day}, has not been entered. BERHENTI to stop.",
        "Not entered: attendance of {title}, {day}",
    ),
    Script.CLAIM_SUBMITTED: Said(
        "Hello {hello}, the sample-shipping claim of {unit} for {amount} waits to be verified.",
        OPEN,
        "The claim of {unit}, {amount}, waits to be verified. Please open the application. BERHENTI to stop.",
        "To be verified: claim of {unit}, {amount}",
    ),
    Script.CLAIM_APPROVED: Said(
        "Hello {hello}, the sample-shipping claim of {unit} for {amount} is approved and waits to be paid.",
        OPEN,
        "The claim of {unit}, {amount}, waits to be paid. Please open the application. BERHENTI to stop.",
        "To be paid: claim of {unit}, {amount}",
    ),
    Script.CLAIM_RETURNED: Said(
        "Hello {hello}, the sample-shipping claim of {unit} for {amount} came back to be completed.",
        OPEN,
        "The claim of {unit}, {amount}, came back to be completed. Please open the application. BERHENTI to stop.",
        "Returned: claim of {unit}, {amount}",
    ),
    Script.CLAIM_REJECTED: Said(
        "Hello {hello}, the sample-shipping claim of {unit} for {amount} is rejected. The application says why.",
        OPEN,
        "The claim of {unit}, {amount}, is rejected. The application says why. BERHENTI to stop.",
        "Rejected: claim of {unit}, {amount}",
    ),
    Script.CLAIM_PAID: Said(
        "Hello {hello}, the sample-shipping claim of {unit} for {amount} was paid on {day}.",
        OPEN,
        "The claim of {unit}, {amount}, was paid on {day}. BERHENTI to stop.",
        "Paid: claim of {unit}, {amount}",
    ),
    Script.DIGEST: Said(
        "Hello {hello}, things that need your attention today: {count}. {what}.",
        OPEN,
        "Needs your attention today: {what}. BERHENTI to stop.",
        "Needs your attention today: {count}",
    ),
    Script.OUTAGE: Said(
        "Hello {hello}, the message service had stopped. {count} messages came too late and are not sent.\n{what}",
        OPEN,
        "The message service had stopped: {count} messages came too late and are not sent. BERHENTI to stop.",
        "The message service had stopped: {count} messages too late",
    ),
}

SAID: Mapping[str, Mapping[Script, Said]] = {ID: INDONESIAN, EN: ENGLISH}


def languages_of(script: Script) -> tuple[str, ...]:
    """List the languages in which a script is said."""
    return tuple(language for language, said in SAID.items() if script in said)


def words_given(script: Script, form: Form, language: str) -> Words:
    """Give the words that come with the release; what is said in one language only is said in that."""
    language = language if language in languages_of(script) else ID
    said = SAID[language][script]
    written, mailed = _AFTER[language][said.after]
    if form == Form.SHORT:
        return Words(said.short)
    if form == Form.EMAIL:
        return Words(
            "\n".join(filter(None, [said.news.rstrip() if not mailed else said.news, mailed])), subject=said.subject
        )
    return Words("\n".join(filter(None, [said.news, written, _STOP[language]])), name=NAMES[script])
