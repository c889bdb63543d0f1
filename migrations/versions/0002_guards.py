"""What columns cannot say: who may do what, history that only grows, books that balance, jobs."""

from alembic import context, op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "audit_events",
    "state_changes",
    "stock_movements",
    "ledger_entries",
    "ledger_postings",
    "revenue_facts",
    "lot_events",
    "pack_prices",
    "payouts",
)

# What the bank wrote stays as it wrote it; what we made of it may change.
BANK_LINE_RAW = (
    "bank_account_id",
    "statement_id",
    "fingerprint",
    "bank_reference",
    "booked_at",
    "amount_minor",
    "currency",
    "description",
    "raw",
)


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    connection = op.get_bind()
    # Its text has percent signs and colons, so it goes to the driver as it is.
    connection.connection.cursor().execute(SchemaManager.get_schema())

    op.execute(f"""
        grant usage on schema public to "{role}";
        grant select, insert, update, delete on all tables in schema public to "{role}";
        grant usage, select on all sequences in schema public to "{role}";
        alter default privileges in schema public
            grant select, insert, update, delete on tables to "{role}";
        alter default privileges in schema public
            grant usage, select on sequences to "{role}";
        revoke insert, update, delete on alembic_version from "{role}";
    """)

    op.execute("""
        create function refuse_change() returns trigger language plpgsql as $$
        begin
            raise exception 'rows of % are only ever added', tg_table_name
                using errcode = 'integrity_constraint_violation';
        end $$
    """)
    for table in APPEND_ONLY:
        op.execute(f"""
            create trigger only_ever_added before update or delete on {table}
                for each row execute function refuse_change();
            create trigger never_emptied before truncate on {table}
                for each statement execute function refuse_change();
            revoke update, delete, truncate on {table} from "{role}";
        """)

    raw = " or ".join(f"new.{column} is distinct from old.{column}" for column in BANK_LINE_RAW)
    op.execute(f"""
        create trigger raw_never_changes before update on bank_lines
            for each row when ({raw}) execute function refuse_change();
        create trigger never_removed before delete on bank_lines
            for each row execute function refuse_change();
        create trigger never_emptied before truncate on bank_lines
            for each statement execute function refuse_change();
        revoke delete, truncate on bank_lines from "{role}";
    """)

    # Checked when the transaction commits: an entry and its postings come one after another.
    # Security definer, because the check must see every posting whoever writes one.
    op.execute("""
        create function require_balance() returns trigger language plpgsql
            security definer set search_path = public, pg_temp as $$
        declare
            checked bigint := case when tg_table_name = 'ledger_entries'
                                   then (to_jsonb(new) ->> 'id')::bigint
                                   else (to_jsonb(new) ->> 'entry_id')::bigint end;
        begin
            if (select count(*) from ledger_postings where entry_id = checked) < 2 then
                raise exception 'ledger entry % has fewer than two postings', checked
                    using errcode = 'integrity_constraint_violation';
            end if;
            if exists (select 1 from ledger_postings where entry_id = checked
                       group by currency having sum(amount_minor) <> 0) then
                raise exception 'ledger entry % does not sum to zero', checked
                    using errcode = 'integrity_constraint_violation';
            end if;
            return null;
        end $$;
        create constraint trigger balanced after insert on ledger_entries
            deferrable initially deferred for each row execute function require_balance();
        create constraint trigger balanced after insert on ledger_postings
            deferrable initially deferred for each row execute function require_balance();
    """)


    # The revenue book of a cooperative with a hundred thousand lines is read from these sums.
    # The order of the keys is the same for everybody, so two deliveries cannot wait in a circle.
    op.execute(f"""
        create function add_revenue_months() returns trigger language plpgsql
            security definer set search_path = public, pg_temp as $$
        begin
            insert into revenue_months as kept (
                organisation_id, month, channel, product_id, category_id, buyer_province_code,
                currency, line_count, quantity, grams,
                gross_minor, discount_minor, delivery_minor, commission_minor, net_minor)
            select organisation_id, date_trunc('month', business_day)::date, channel,
                   coalesce(product_id, 0), coalesce(category_id, 0), buyer_province_code,
                   currency, count(line_id), sum(quantity), sum(grams),
                   sum(gross_minor), sum(discount_minor), sum(delivery_minor),
                   sum(commission_minor), sum(net_minor)
            from added group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
            on conflict (organisation_id, month, channel, product_id, category_id,
                         buyer_province_code, currency) do update set
                line_count = kept.line_count + excluded.line_count,
                quantity = kept.quantity + excluded.quantity,
                grams = kept.grams + excluded.grams,
                gross_minor = kept.gross_minor + excluded.gross_minor,
                discount_minor = kept.discount_minor + excluded.discount_minor,
                delivery_minor = kept.delivery_minor + excluded.delivery_minor,
                commission_minor = kept.commission_minor + excluded.commission_minor,
                net_minor = kept.net_minor + excluded.net_minor;
            return null;
        end $$;
        create trigger summed_by_month after insert on revenue_facts
            referencing new table as added
            for each statement execute function add_revenue_months();
        revoke insert, update, delete, truncate on revenue_months from "{role}";
    """)

def downgrade() -> None:
    raise NotImplementedError("guards are not taken away; restore a backup instead")
