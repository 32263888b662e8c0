/**
 * Blind judging by people: {@link dev.tiebreak.trainer.judge.JudgeServer} shows pairs of texts on a
 * web page, {@link dev.tiebreak.trainer.judge.JudgeStore} keeps what is answered in one SQLite
 * file.
 *
 * <p>{@link dev.tiebreak.trainer.judge.PairsFile} is what is judged, {@link
 * dev.tiebreak.trainer.judge.Assignment} says who sees what on which side, {@code Links} knows
 * invitations, {@code Sittings} leads one judge through, {@code JudgeApi} is what the page talks
 * to. The page itself is in the resources of this package: hand-written HTML, CSS and JavaScript.
 *
 * <p>Nothing here knows an arm, a seed or a model: those are in the sealed key. Nothing here keeps
 * an address of a judge. TLS is the business of a proxy in front.
 *
 * <p>Jetty serves, each request on a virtual thread: it limits header sizes and slow senders, which
 * a server on the public internet needs.
 */
package dev.tiebreak.trainer.judge;
