package org.imgblstr.protocol.master.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.imgblstr.protocol.sealing.Allowance;
import org.imgblstr.protocol.wire.SealedRsvpFlyweight;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.SessionSeal;

/**
 * Who of the slaves that have not proven themselves may cost the master an exchange of keys now: limits, and cookies, by which a sender shows that it
 * hears what is sent to its address. Its tables have an end. One thread. Specification: docs/security.md, section 4.
 */
final class Doorkeeper {
    /** Key exchanges in a second before the start: a room that is switched on. */
    static final int EXCHANGES_BEFORE = 1_000;

    /** The same after the start, when data has the processor. */
    static final int EXCHANGES_AFTER = 100;

    /** With more exchanges in a second than this, cookies are wanted of everybody. */
    static final int WITHOUT_COOKIE = 50;

    /** Failed boxes of an address in a minute. */
    static final int FAILURES = 12;

    static final long MINUTE_NS = 60_000_000_000L;

    private static final long COOKIE_KEY_NS = 2 * MINUTE_NS;
    private static final int COOKIE_KEY_BYTES = 32;
    private static final byte[] NO_COOKIE = new byte[SealedRsvpFlyweight.COOKIE_BYTES];
    private static final int ADDRESSES = 1_024;

    /** Addresses that are told when they fail for the first time. */
    private static final int TOLD = 32;

    /** What becomes of an RSVP. */
    enum Verdict {
        TAKE,
        /** The sender is to show first that it hears us. */
        COOKIE,
        DROP
    }

    private static final class Failures {
        private int count;
        private long sinceNs;

        private boolean isBlocked(long nowNs) {
            return count >= FAILURES && nowNs - sinceNs < MINUTE_NS;
        }
    }

    private final SessionSeal seal;
    private final Allowance exchanges = new Allowance(EXCHANGES_BEFORE);
    private final Allowance withoutCookie = new Allowance(WITHOUT_COOKIE);
    private final Map<InetAddress, Failures> failures = new LinkedHashMap<>();
    private SecretBytes cookieKey;
    private SecretBytes cookieKeyBefore;
    private long cookieKeyNs;
    private boolean isCookieKeyUsed;
    private long failed;
    private int told;

    Doorkeeper(SessionSeal seal) {
        this.seal = seal;
        cookieKey = newKey();
        cookieKeyBefore = newKey();
    }

    private SecretBytes newKey() {
        return SecretBytes.random(COOKIE_KEY_BYTES, seal.random());
    }

    /** The pass begins: an exchange of keys now takes time from data. */
    void onStarted() {
        exchanges.perSecond(EXCHANGES_AFTER);
    }

    /** {@code cookie}: 16 bytes, zeros when there is none. Takes what it allows into account. */
    Verdict judge(InetSocketAddress from, long nonce, byte[] cookie, long nowNs) {
        Failures known = failures.get(from.getAddress());
        if ((known != null && known.isBlocked(nowNs)) || !exchanges.isLeft(nowNs)) {
            return Verdict.DROP;
        }
        boolean isCookieWanted = known != null || !withoutCookie.isLeft(nowNs);
        if (isCookieWanted && !isCookie(from, nonce, cookie, nowNs)) {
            return Verdict.COOKIE;
        }
        exchanges.take();
        withoutCookie.take();
        return Verdict.TAKE;
    }

    /**
     * A box did not open. Counts against an address only with a cookie, as anybody may write that address into a datagram. Returns whether the
     * operator is to be told: of the first of each address, as long as these are no more than a room has, and of the tenth of all, the hundredth and so on.
     */
    boolean onFailed(InetSocketAddress from, long nonce, byte[] cookie, long nowNs) {
        failed++;
        Failures known = failures.get(from.getAddress());
        boolean isTold = isPowerOfTen(failed);
        if (known == null) {
            if (!isTold && told < TOLD) {
                told++;
                isTold = true;
            }
            if (failures.size() >= ADDRESSES) {
                failures.remove(failures.keySet().iterator().next());
            }
            known = new Failures();
            known.sinceNs = nowNs;
            failures.put(from.getAddress(), known);
        }
        if (nowNs - known.sinceNs >= MINUTE_NS) {
            known.sinceNs = nowNs;
            known.count = 0;
        }
        if (isCookie(from, nonce, cookie, nowNs)) {
            known.count++;
            if (known.count == FAILURES) {
                known.sinceNs = nowNs;
            }
        }
        return isTold;
    }

    private static boolean isPowerOfTen(long count) {
        long power = 1;
        while (power < count) {
            power *= 10;
        }
        return power == count;
    }

    /** Boxes that did not open, in the whole session. */
    long failed() {
        return failed;
    }

    /** 16 bytes that only this address learns. */
    byte[] cookie(InetSocketAddress from, long nonce, long nowNs) {
        turnKeys(nowNs);
        return cookie(cookieKey, from, nonce);
    }

    private boolean isCookie(InetSocketAddress from, long nonce, byte[] cookie, long nowNs) {
        if (Arrays.equals(cookie, NO_COOKIE)) {
            return false;
        }
        turnKeys(nowNs);
        return MessageDigest.isEqual(cookie, cookie(cookieKey, from, nonce))
                || MessageDigest.isEqual(cookie, cookie(cookieKeyBefore, from, nonce));
    }

    private byte[] cookie(SecretBytes key, InetSocketAddress from, long nonce) {
        byte[] address = from.getAddress().getAddress();
        ByteBuffer message = ByteBuffer.allocate(address.length + Short.BYTES + Long.BYTES);
        message.put(address).putShort((short) from.getPort()).putLong(nonce).flip();
        try (SecretBytes digest = seal.primitives().hashing().hmac(key, message)) {
            return Arrays.copyOf(digest.copy(), SealedRsvpFlyweight.COOKIE_BYTES);
        }
    }

    private void turnKeys(long nowNs) {
        if (!isCookieKeyUsed) {
            isCookieKeyUsed = true;
            cookieKeyNs = nowNs;
        } else if (nowNs - cookieKeyNs >= COOKIE_KEY_NS) {
            cookieKeyBefore.close();
            cookieKeyBefore = cookieKey;
            cookieKey = newKey();
            cookieKeyNs = nowNs;
        }
    }

    /** Wipes the keys of cookies. */
    void close() {
        cookieKey.close();
        cookieKeyBefore.close();
    }
}
