-- Fills one clinic with patients who come once a month for half a year and twice in July 2026. Settings: month.clinic,
-- month.doctor (ids), month.patients, and codes of the masters: month.items (prescribed), month.tests (two), month.disease. Runs as the database's superuser, whom no policy binds.

-- The rows fit each other by the way they are made; checking each would take longer than making them.
set session_replication_role = replica;

create temporary table who as
select i, md5('patient' || i)::uuid as id from generate_series(1, current_setting('month.patients')::int) i;

insert into patient (clinic_id, id, number, family, given, family_kana, given_kana, kana_folded, name_folded, sex, birth_date, address,
                     registered_at)
select current_setting('month.clinic')::uuid, id, i, '患者', i::text, 'カンジャ', 'メイ', 'カンジャメイ', '患者' || i,
       case when i % 2 = 0 then 'female' else 'male' end, date '1930-01-01' + (i * 37 % 34000), '東京都千代田区試験町1-1',
       timestamptz '2018-07-01 09:00+09'
from who;

insert into insurance (clinic_id, id, patient_id, insurer, number, relation, share, limit_class, valid_from)
select current_setting('month.clinic')::uuid, md5('card' || id)::uuid, id, '06130488', i::text, 'insured', 30,
       case when i % 5 = 0 then 'ウ' end, date '2020-04-01'
from who;

create temporary table came as
select w.i, w.id as patient, md5('visit' || w.id || day)::uuid as id, day::date as day,
       (day::date + time '09:00' + (w.i % 500) * interval '1 minute') at time zone 'Asia/Tokyo' as at
from who w,
     unnest(array['2026-01-14', '2026-02-12', '2026-03-12', '2026-04-14', '2026-05-13', '2026-06-10', '2026-07-08', '2026-07-22']::date[]) day;

insert into visit (clinic_id, id, patient_id, visit_date, received_at, state, since, kind, department, doctor_id)
select current_setting('month.clinic')::uuid, id, patient, day, at, 'done', at + interval '40 minutes', 'return', '01',
       current_setting('month.doctor')::uuid
from came order by at;

insert into rp (clinic_id, id, visit_id, position, route, dispensing, usage, times_per_day, count, items)
select current_setting('month.clinic')::uuid, md5('rp' || id)::uuid, id, 1, 'internal',
       case when i % 3 = 0 then 'in_house' else 'pharmacy' end, '1日1回 朝食後', 1, 28,
       current_setting('month.items')::jsonb
from came order by at;

-- Both tests for every other patient, the first alone for the rest.
insert into procedure_order (clinic_id, id, visit_id, position, code, name, quantity, unit)
select current_setting('month.clinic')::uuid, md5(code || id)::uuid, id, 1, code, '検査', 1, '回'
from came, unnest(string_to_array(current_setting('month.tests'), ' ')) with ordinality t(code, nth) where i % 2 = 0 or nth = 1;

insert into diagnosis (clinic_id, id, patient_id, code, base_name, management, name, suspected, principal, started_on)
select current_setting('month.clinic')::uuid, md5('diagnosis' || w.id || k)::uuid, w.id, current_setting('month.disease'), '高血圧症', '20061573',
       '病名' || k, false, k = 0, date '2019-01-01' + k
from who w, generate_series(0, 3) k;

drop table who, came;
set session_replication_role = origin;
