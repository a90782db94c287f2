package org.imgblstr.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Follows every buffer of Netty that a test of this module makes, and fails the class of tests after which one was found that was collected
 * without having been released. Classes run side by side, so the message, which says where the buffer was made, tells more than the name of
 * the class. JUnit finds this extension by its service file, before any class of Netty is loaded.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    static {
        // Where a buffer was made and passed on is enough, and each access to it costs nothing then.
        System.setProperty("io.netty.leakDetection.acquireAndReleaseOnly", "true");
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // The static block above has run.
    }

    @Override
    public void afterAll(ExtensionContext context) {
        look();
        List<String> leaks = FOUND.stream()
                .filter(leak -> !leak.contains(LeakWatchTest.PLANTED))
                .toList();
        FOUND.removeAll(leaks);
        if (!leaks.isEmpty()) {
            throw new AssertionError("a buffer was not released:\n" + String.join("\n", leaks));
        }
    }

    /** Collects what nobody holds any more, and lets Netty report what was not released of that. */
    static void look() {
        System.gc();
        ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        probe.release();
    }

    /** All leaks with this text that were found so far. */
    static List<String> found(String text) {
        return FOUND.stream().filter(leak -> leak.contains(text)).toList();
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            return new Detector<>(resource, samplingInterval);
        }

        @Override
        @SuppressWarnings({"deprecation", "removal"})
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new Detector<>(resource, samplingInterval);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            FOUND.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            FOUND.add(resourceType);
        }
    }
}
