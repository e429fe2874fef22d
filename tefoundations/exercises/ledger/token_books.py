"""How the exercises of tokens are reckoned, rightly or with one rule otherwise: a learner may have forgotten any of them."""


def share_left(promised, read, used):
    return min(promised, read - used)


def minted(events, amount=share_left, signers=("oracle",), once=True, own_meter=True, first=True, late=False, kept=False):
    """Wh minted by each event. The other arguments are how a learner may do it otherwise."""
    held, stands, used, out = {}, {}, {}, []
    for kind, number, meter, energy, *signer in events:
        wh = 0
        if kind == "promise":
            if late or meter not in stands:
                held[number] = (meter, energy)
        else:
            good = number in held and (held[number][0] == meter or not own_meter) and (not signers or signer[0] in signers)
            good = good and (stands.get(meter, energy) == energy or not first)
            if good:
                wh = max(0, amount(held[number][1], energy, used.get(meter, 0)))
                used[meter] = used.get(meter, 0) + wh
                if once:
                    del held[number]
            if good or kept:
                stands.setdefault(meter, energy)
        out.append(float(wh))
    return out


def runs(balances, made, *, uses=True, adds=False, swapped=False, looks=("allowance", "balance"), covered=False, least=0,
          spent_anyway=False, doubles=False):  # fmt: skip
    """Positions of the calls that revert. The other arguments are how a learner may do it otherwise."""
    held, allowed, reverted = dict(balances), {}, []
    for place, (sender, method, *rest) in enumerate(made):
        amount = rest[-1]
        good = least is None or amount >= least
        if method == "approve":
            key = (rest[0], sender) if swapped else (sender, rest[0])
            good = good and not (covered and amount > held[sender])
            if good:
                allowed[key] = amount + (allowed.get(key, 0) if adds else 0)
        else:
            owner, to = (sender, rest[0]) if method == "transfer" else rest[:2]
            left = allowed.get((owner, sender), 0)
            if method == "transfer_from":
                good = good and (amount <= left or "allowance" not in looks)
            by_allowance = good
            good = good and (amount <= held[owner] or "balance" not in looks)
            if method == "transfer_from" and uses and (good or (spent_anyway and by_allowance)):
                allowed[owner, sender] = left - amount
            if good:
                before = held[to]
                held[owner] -= amount
                held[to] = (before if doubles else held[to]) + amount
        if not good:
            reverted.append(float(place))
    return reverted


def twice(events, *, kinds=("green",), again=False, sales=False, issues=False, bundles=False, credits=True, one_each=False):
    """kWh with more than one claim. The other arguments are how a learner may count otherwise."""
    made, cancelled, claims, users = {}, {}, {}, {}
    for kind, what, who in events:
        if kind == "issue":
            made[what] = who
            if issues:
                claims[who] = claims.get(who, 0) + 1
        elif kind == "cancel" and what in made and (again or what not in cancelled) and not issues:
            cancelled[what] = True
            claims[made[what]] = 1 if one_each else claims.get(made[what], 0) + 1
            users.setdefault(made[what], []).append(who)
        elif kind == "sell" and sales and what in made:
            claims[made[what]] = claims.get(made[what], 0) + 1
    said = dict.fromkeys((what, who) for kind, what, who in events if kind in kinds) if credits else {}
    for kwh, who in said:
        if bundles or who not in users.get(kwh, []):
            claims[kwh] = claims.get(kwh, 0) + 1
    return sorted(kwh for kwh, count in claims.items() if count > 1)
