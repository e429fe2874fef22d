"""Tokens of which each is one of its kind: the rules of ERC-721 that matter."""

from tefoundations.ledger.contracts.contract import Contract


class NonFungibleToken(Contract):
    """Numbered tokens with one owner each. A subclass makes them in methods of its own, by ``self._create(call, owner)``.

    Kept from ERC-721: each token has one owner; the owner, whom it approved for this token, and who may act for all its
    tokens can move it; a move from somebody who is not the owner, and any question about a token that does not exist, fail;
    a move ends the token's approval. Left out: the call that asks a receiving contract whether it can handle tokens, as
    contracts here own none, and the web address of a token's picture.

    References
    ----------
    W. Entriken, D. Shirley, J. Evans and N. Sachs, *ERC-721: Non-Fungible Token Standard*, 2018.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, KeyPair
    >>> class Deeds(NonFungibleToken):
    ...     def issue(self, call):
    ...         self._create(call, call.sender)
    >>> anna, ben = KeyPair.named("anna"), KeyPair.named("ben")
    >>> chain = Blockchain("lane", producers=[anna], contracts=[Deeds("deeds")])
    >>> first = chain.call(anna, "deeds", "issue")
    >>> stolen = chain.call(ben, "deeds", "transfer_from", owner=anna.account, to=ben.account, token=0)
    >>> block = chain.propose(anna)
    >>> chain.view("deeds", "owner_of", token=0) == anna.account, chain.receipt(stolen).reason
    (True, 'only the owner or somebody approved moves token 0')
    """

    def owner_of(self, call, token):
        """Owner of a token.

        Parameters
        ----------
        call : Call
            Given by the chain.
        token : int
            Which.
        """
        call.require(call.whole(token), "a token is a whole number from 0 up")
        owner = call.load(f"owner/{token}")
        call.require(owner is not None, f"token {token} does not exist")
        return owner

    def balance_of(self, call, owner):
        """Number of tokens of an account.

        Parameters
        ----------
        call : Call
            Given by the chain.
        owner : str
            Account.
        """
        return call.load(f"balance/{owner}", 0)

    def approved(self, call, token):
        """Who is approved for a token beside its owner; "" for nobody.

        Parameters
        ----------
        call : Call
            Given by the chain.
        token : int
            Which.
        """
        self.owner_of(call, token)
        return call.load(f"approved/{token}", "")

    def approve(self, call, token, spender):
        """Let somebody move one token; "" takes it back.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender is the owner or may act for it.
        token : int
            Which.
        spender : str
            Account or "".
        """
        owner = self.owner_of(call, token)
        acts = call.sender == owner or call.load(f"acts/{owner}/{call.sender}", False)
        call.require(acts, f"only the owner, or who acts for it, approves for token {token}")
        call.require(spender == "" or call.is_account(spender), "spender must be an account")
        call.store(f"approved/{token}", spender)
        call.emit("approval", owner=owner, spender=spender, token=token)

    def approve_all(self, call, spender, allowed):
        """Let somebody act for all of the sender's tokens, or no longer.

        Parameters
        ----------
        call : Call
            Given by the chain.
        spender : str
            Account.
        allowed : bool
            True or False.
        """
        call.require(call.is_account(spender), "spender must be an account")
        call.require(allowed is True or allowed is False, "allowed must be true or false")
        call.store(f"acts/{call.sender}/{spender}", allowed)
        call.emit("approval for all", owner=call.sender, spender=spender, allowed=allowed)

    def transfer_from(self, call, owner, to, token):
        """Move a token.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender is the owner, approved for the token, or acts for the owner.
        owner : str
            Account that owns it now.
        to : str
            Account that receives it.
        token : int
            Which.
        """
        call.require(self.owner_of(call, token) == owner, f"token {token} is not theirs")
        acts = call.sender == owner or call.load(f"approved/{token}", "") == call.sender
        acts = acts or call.load(f"acts/{owner}/{call.sender}", False)
        call.require(acts, f"only the owner or somebody approved moves token {token}")
        call.require(call.is_account(to), "tokens go to accounts only")
        call.store(f"approved/{token}", None)
        call.store(f"balance/{owner}", call.load(f"balance/{owner}", 0) - 1)
        call.store(f"balance/{to}", call.load(f"balance/{to}", 0) + 1)
        call.store(f"owner/{token}", to)
        call.emit("transfer", owner=owner, to=to, token=token)

    def _create(self, call, owner):
        call.require(call.is_account(owner), "tokens go to accounts only")
        token = call.load("next", 0)
        call.store("next", token + 1)
        call.store(f"owner/{token}", owner)
        call.store(f"balance/{owner}", call.load(f"balance/{owner}", 0) + 1)
        call.emit("created", owner=owner, token=token)
        return token
