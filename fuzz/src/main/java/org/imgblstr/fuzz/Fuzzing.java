package org.imgblstr.fuzz;

import java.io.IOException;
import java.lang.invoke.MethodHandle;

/** What Jazzer calls for each target: it must be told the name of one. For one thread. */
public final class Fuzzing {
    private static MethodHandle target;

    private Fuzzing() {}

    /** {@code arguments}: the name of the target. */
    public static void fuzzerInitialize(String[] arguments) throws IOException, ReflectiveOperationException {
        target = FuzzTarget.of(arguments[0]).method();
    }

    /** Runs the target on one input. */
    public static void fuzzerTestOneInput(byte[] input) throws Throwable {
        FuzzTarget.run(target, input);
    }
}
