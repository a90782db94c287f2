package org.imgblstr.disk.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WrappedTargetTest {
    @Test
    void handsOnEveryCall() throws Exception {
        List<String> below = new ArrayList<>();
        TrackTarget target = (TrackTarget) Proxy.newProxyInstance(
                TrackTarget.class.getClassLoader(), new Class<?>[] {TrackTarget.class}, (proxy, method, arguments) -> {
                    below.add(method.getName());
                    return noneOf(method.getReturnType());
                });
        TrackTarget wrapped = new WrappedTarget(target) {};
        List<String> called = new ArrayList<>();
        for (Method method : TrackTarget.class.getDeclaredMethods()) {
            if (!method.isSynthetic()) {
                called.add(method.getName());
                method.invoke(
                        wrapped,
                        Arrays.stream(method.getParameterTypes())
                                .map(WrappedTargetTest::noneOf)
                                .toArray());
            }
        }

        assertThat(called).contains("write", "finish", "remark", "close");
        assertThat(below).isEqualTo(called);
    }

    private static Object noneOf(Class<?> type) {
        return type == int.class ? (Object) 0 : null;
    }
}
