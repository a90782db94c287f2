package org.imgblstr.sealing.schedule;

import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.RandomBytes;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.secret.Secret;

/**
 * What a session is sealed with at one side. Whoever made it wipes its secrets.
 *
 * @param secret what master and slaves share
 * @param seed by which a master with a key file signs its hello; null at a slave, and with a join code
 * @param primitives the ciphers
 * @param random where new keys come from
 */
public record SessionSeal(Secret secret, SecretBytes seed, Primitives primitives, RandomBytes random) {}
