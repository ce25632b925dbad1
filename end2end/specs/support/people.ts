// Fictional patients, and the short way to have one registered and waiting where a test begins later in the day.
import type { Actor } from "./actors.js";

/** Who a patient is, as the registration asks for it. */
export interface Person {
  family: string;
  given: string;
  familyKana: string;
  givenKana: string;
  sex: "male" | "female";
  birthDate: string;
  /** Symbol and number of the card; none for who pays everything. */
  card?: { insurer: string; symbol: string; number: string; branch: string };
}

/** A patient who is registered, and today's visit. */
export interface Waiting {
  patient: string;
  number: number;
  visit: string;
  name: string;
}

/** Registers somebody through the server function behind the form. */
export async function registered(reception: Actor, person: Person): Promise<{ patient: string; number: number }> {
  const { card } = person;
  const form = {
    family: person.family,
    given: person.given,
    family_kana: person.familyKana,
    given_kana: person.givenKana,
    sex: person.sex,
    birth_date: person.birthDate,
    postal_code: "000-0101",
    address: "東京都若竹区青葉町9-9-9",
    phone: "",
    insurance: {
      insurer: card?.insurer ?? "",
      symbol: card?.symbol ?? "",
      number: card?.number ?? "",
      branch: card?.branch ?? "",
      relation: card ? "insured" : "",
      share: card ? "30" : "",
      limit_class: "",
      valid_from: card ? "2026-04-01" : "",
      valid_to: "",
    },
    subsidy: { payer: "", recipient: "", share: "", monthly_cap: "", valid_from: "", valid_to: "" },
  };
  return reception.asks("register", { form, despite_duplicates: true });
}

/** Registers somebody and checks them in. */
export async function waiting(reception: Actor, person: Person): Promise<Waiting> {
  const { patient, number } = await registered(reception, person);
  const visit = await reception.asks<{ id: string }>("check_in", { patient, remark: "" });
  return { patient, number, visit: visit.id, name: `${person.family} ${person.given}` };
}
