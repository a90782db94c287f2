package org.imgblstr.protocol.sim;

import java.util.SplittableRandom;

/** Where the chance of a simulation begins: at the number in the test, or for all of them at {@code -Dseed=N}. */
final class Seeds {
    private Seeds() {}

    static SplittableRandom random(long ofTest) {
        return new SplittableRandom(Long.getLong("seed", ofTest));
    }
}
