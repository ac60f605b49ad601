package dev.millwright.registry;

import java.util.concurrent.CountDownLatch;

/** A change that lets others queue behind it. */
final class Hold {
    final CountDownLatch running = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);

    boolean run(Transaction transaction) {
        running.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                release.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        return !interrupted;
    }
}
