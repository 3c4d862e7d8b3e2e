/**
 * What is done after the response: tasks, their policies, and the runner.
 *
 * <p>Knows neither HTTP nor a server. A response carries {@link dev.postlude.background.Tasks}; a
 * request has {@link dev.postlude.background.FinishHooks}. Whoever writes the response asks the
 * {@link dev.postlude.background.BackgroundRunner} to admit both, which takes a place for each
 * single task or refuses, and tells the {@link dev.postlude.background.Admission} when the last
 * write has completed. From there on:
 *
 * <pre>{@code
 * Admission - Walk: hooks, then tasks
 *               |
 *               Course: what comes after what   <---  timer: delays, retries
 *               |
 *               Strand: a thread's way  ---  Lane: places and slots of a group
 *               |
 *               Attempt: one try at one task, with its stage and its deadline
 * }</pre>
 *
 * <h2>Threads</h2>
 *
 * <p>Hooks, tasks, error actions and most listener calls run on the runner's own workers, which may
 * block. Admission, release and the timer never run a task and never wait: a monitor is held for a
 * few assignments only, and no user code is called under it. What listeners are told on other
 * threads is said in {@link dev.postlude.background.BackgroundListener}.
 *
 * <p>A task that computes rather than waits, for seconds, is better off in a group with a small
 * {@code maxConcurrent}: virtual threads share the machine's processors with the threads that
 * answer requests.
 *
 * <h2>Order</h2>
 *
 * <p>The tasks of one response begin one after the other, as attached, each when the one before has
 * ended or waits for a delay or a retry. They are independent of each other; those of a chain are
 * not. The tasks of different responses are not ordered.
 *
 * <h2>What is stored</h2>
 *
 * <p>A {@linkplain dev.postlude.background.BackgroundTask#stored stored} task does not run here. It
 * is put into its store when it is admitted, which the response waits for; where it would run it is
 * released, and where it would be skipped it is taken back.
 *
 * <h2>What is not promised</h2>
 *
 * <p>A task is run at most once per attempt, in this process, and is lost with it: a crash, a kill
 * or a power cut takes with it whatever was queued, and nobody is told. A task whose loss would
 * matter belongs in a durable queue, as a stored one. "Sent" says that the kernel took the last
 * byte, not that the client has it. A Java thread cannot be killed: a task that ignores its
 * interruption keeps its slot after its timeout, and goes on after a shutdown until the process
 * ends. A stage that is cancelled may be ignored by whoever works on it. The number of requests
 * whose finish hooks wait for a worker is not bounded: hooks are short.
 */
package dev.postlude.background;
