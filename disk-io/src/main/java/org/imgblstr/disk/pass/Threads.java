package org.imgblstr.disk.pass;

/** Waits for threads that end by themselves. */
public final class Threads {
    private Threads() {}

    /** Returns once the thread has ended; an interrupt waits until then, because what the thread uses will be closed. */
    public static void join(Thread thread) {
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
