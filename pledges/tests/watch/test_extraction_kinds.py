"""Kinds of sentences in programmes, campaigns and speeches: what is proposed of them, and with which acts."""

import pytest

from pledges.watch.extraction import extract

PROPOSED = [
    # what a party would do in office
    ("en", "A Harbour government would cap rents and open forty nurseries.", ["cap rents", "open forty nurseries"]),
    ("en", "If elected, he would restore the night train.", ["restore the night train"]),
    ("en", "As mayor, I would close the incinerator.", ["close the incinerator"]),
    ("en", "The Greens promised to ban dredging. They would also fund a warden.", ["ban dredging", "fund a warden"]),
    ("es", "Un gobierno del Puerto eliminaría la tasa y bajaría el pasaje.", ["eliminar la tasa", "bajar el pasaje"]),
    ("es", "De ganar, restablecería el tren nocturno.", ["restablecer el tren nocturno"]),
    ("es", "Como alcalde, cerraría el incinerador.", ["cerrar el incinerador"]),
    # proposals
    ("en", "The plan proposes restoring the bus subsidy.", ["restore the bus subsidy"]),
    ("en", "We want to raise the number of wards to twenty.", ["raise the number of wards to twenty"]),
    ("es", "La candidata plantea restablecer el subsidio.", ["restablecer el subsidio"]),
    ("es", "Propone crear un banco y bajar el IVA.", ["crear un banco", "bajar el IVA"]),
    ("es", "Queremos llegar a quinientas aulas.", ["llegar a quinientas aulas"]),
    # the passive, and permissions
    ("en", "The levy is to be abolished.", ["abolish the levy"]),
    ("en", "The dam will be repaired.", ["repair the dam"]),
    ("en", "All taxis will be able to use the bus lane.", ["allow all taxis to use the bus lane"]),
    ("es", "La tasa será derogada.", ["derogar la tasa"]),
    ("es", "El decreto quedará derogado.", ["derogar el decreto"]),
    ("es", "Se construirán tres represas.", ["construir tres represas"]),
    ("es", "Se va a pagar la deuda.", ["pagar la deuda"]),
    ("es", "Los taxis podrán operar en el centro.", ["Los taxis podrán operar en el centro"]),
    # each act of an enumeration
    ("en", "We will cut the duty, open a port and hire nurses.", ["cut the duty", "open a port", "hire nurses"]),
    ("en", "She promised a new ferry, lower fares and free meals.", ["a new ferry", "lower fares", "free meals"]),
    ("es", "Vamos a abrir un puerto, a contratar jueces y a bajar la tasa.", ["abrir un puerto", "contratar jueces", "bajar la tasa"]),  # noqa: E501
    ("es", "Prometió un puente, dos escuelas y más policías.", ["un puente", "dos escuelas", "más policías"]),
    ("en", "The port will be dredged and the coast road will be mended.", ["dredge the port", "mend the coast road"]),
    ("es", "El peaje será derogado y el puente será reparado.", ["derogar el peaje", "reparar el puente"]),
    # an act without "will", as in a programme
    ("en", "Double the number of night trains.", ["Double the number of night trains"]),
    ("es", "Duplicar los trenes nocturnos.", ["Duplicar los trenes nocturnos"]),
    # futures that look like the past of another verb
    ("es", "El Estado asumirá la deuda y convertirá el cuartel.", ["asumir la deuda", "convertir el cuartel"]),
    # words between "will" and the verb; whoever benefits; what there will be
    ("en", "The government will, as its first act, raise the allowance.", ["raise the allowance"]),
    ("en", "Parents will receive a voucher of 500.", ["Parents to receive a voucher of 500"]),
    ("en", "There will be a full inquiry.", ["a full inquiry"]),
    ("es", "Tampoco va haber despidos.", ["despidos"]),
]  # fmt: skip
NOT_PROPOSED = [
    # rivals and others
    ("en", "The opposition would raise your taxes and close your clinics."),
    ("en", "My opponent will close the southern hospital."),
    ("en", "They will sell the railway."),
    ("en", "The other party proposes to close the port."),
    ("es", "La oposición subiría los impuestos."),
    ("es", "Mi rival cerrará el hospital."),
    ("es", "El otro partido propone cerrar el puerto."),
    # hopes
    ("en", "We hope that Parliament will act."),
    ("es", "Esperamos que el Parlamento apruebe la ley."),
    # slogans and courtesies
    ("en", "Together we will write a new chapter."),
    ("en", "I will not repeat what my colleague has said."),
    ("es", "Juntos vamos a escribir una nueva página."),
    ("es", "Quiero agradecer a los maestros."),
    # the record
    ("en", "Our government has built forty clinics."),
    ("en", "This was the largest commitment to roads in our history."),
    ("es", "Hemos construido cuarenta hospitales."),
    ("es", "Quería abrir un puerto."),
    # forecasts, and what a measure does
    ("en", "We will face a worse shortage."),
    ("en", "Cutting the duty will help growers."),
    ("es", "La economía crecerá un dos por ciento."),
    ("es", "La rebaja ayudará a los productores."),
    # duties of others
    ("en", "Employers must report an accident within three days."),
    ("es", "Las empresas deberán comunicar un accidente."),
]


@pytest.mark.parametrize(("language", "text", "acts"), PROPOSED)
def test_each_act_is_a_proposal(language, text, acts):
    assert [each.action for each in extract(text, language)] == acts


@pytest.mark.parametrize(("language", "text"), NOT_PROPOSED)
def test_what_is_no_pledge_is_not_proposed(language, text):
    assert extract(text, language) == []


def test_others_who_are_only_mentioned_do_not_take_over_the_speech():
    text = "The banks and the unions asked for loans.\nA fund will be set up. We will publish the accounts."
    assert [each.action for each in extract(text, "en")] == ["set up a fund", "publish the accounts"]


def test_a_union_that_speaks_keeps_its_words_to_itself():
    text = "The union said that it would block the bridge. “We will block the port too.”"
    assert extract(text, "en") == []


@pytest.mark.parametrize(
    ("lead", "proposed"),
    [("Our Government will:", 2), ("Our plan:", 2), ("Since 2016 our Government has:", 0), ("Contents:", 0)],
)
def test_a_list_without_bullets_is_read_by_the_sentence_above_it(lead, proposed):
    text = (
        f"Nobody was asked.\nMuch remains to be done. {lead}\nSet a price for milk; and\nReform the ports.\nIt rained."
    )
    assert len(extract(text, "en")) == proposed


def test_a_list_of_what_was_done_has_no_pledges():
    assert extract("For example, our Government:\nOpened ten parks;\nFounded a bank.", "en") == []
