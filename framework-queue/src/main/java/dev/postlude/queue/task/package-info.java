/**
 * What a queued task is: its handler, its policy, its states, and the pictures of it that are
 * shown. Values and contracts only; nothing here knows a database.
 */
package dev.postlude.queue.task;
