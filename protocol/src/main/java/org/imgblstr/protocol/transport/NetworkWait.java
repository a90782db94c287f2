package org.imgblstr.protocol.transport;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
import org.imgblstr.protocol.transport.network.InterfaceException;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;

/** Waits for an interface that can be used: a program that starts with the machine comes before the link or the address. */
public final class NetworkWait {
    private static final long LOOK_MS = 200;

    private NetworkWait() {}

    /**
     * Chooses an interface as {@link InterfaceChooser} does. While one lacks its link or its address, waits for it and says so, each time that
     * something else is lacking.
     *
     * @param wanted name or address of the interface; null leaves the choice to the rules
     * @param patienceNs waits so long at most; Long.MAX_VALUE: for ever
     * @param time of the patience
     * @param onWaiting told what is waited for, one sentence
     * @param isStopped asked often: the waiting ends when it says yes
     * @throws NetworkException when none came in time, or waiting is of no use
     * @throws InterruptedException when it was stopped
     */
    public static NetworkChoice await(
            String wanted, long patienceNs, AwakeTime time, Consumer<String> onWaiting, BooleanSupplier isStopped)
            throws NetworkException, InterruptedException {
        long startNs = time.nowNs();
        String said = "";
        while (true) {
            try {
                return InterfaceChooser.choose(wanted);
            } catch (InterfaceException e) {
                if (!e.mayPass() || time.nowNs() - startNs >= patienceNs) {
                    throw e;
                }
                if (!e.getMessage().equals(said)) {
                    said = e.getMessage();
                    onWaiting.accept("waiting for the network: " + said);
                }
            }
            if (isStopped.getAsBoolean()) {
                throw new InterruptedException("interrupted by the operator while the program waited for the network");
            }
            Thread.sleep(LOOK_MS);
        }
    }
}
