"""A program that trains in several processes, and goes on from its last checkpoint when it is started again.

It prints the loss of the whole batch at each step. `test_resuming.py` starts it, and kills it.
"""

import os
import signal
import sys
import time

import numpy as np

import glueball as mx

BATCH, PERIOD = 12, 5
KILLS_AT_SAVING = {"saving": 3, "saving once": 1}
LIFE = int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"))


def network():
    net = mx.gluon.nn.HybridSequential()
    net.add(mx.gluon.nn.Dense(16, activation="tanh", in_units=6), mx.gluon.nn.Dense(3, in_units=16))
    mx.random.seed(0)
    net.initialize(mx.init.Xavier())
    return net


def save(net, trainer, step):
    net.save_parameters(f"{step}.params")
    trainer.save_states(f"{step}.states")
    mx.nd.save("last", {"step": mx.nd.array([step])})  # it comes last, so that it names whole files only


def load(net, trainer):
    """Return the step to begin with."""
    if not os.path.exists("last"):
        return 0
    step = int(mx.nd.load("last")["step"].asscalar())
    net.load_parameters(f"{step}.params")
    trainer.load_states(f"{step}.states")
    return step


def main(steps, fault="", pause=0.0):
    store = mx.kv.create("dist_sync")
    rank, count = store.rank, store.num_workers
    net = network()
    trainer = mx.gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.01}, kvstore=store)
    losses = mx.kv.create("dist_sync")
    losses.init("loss", mx.nd.zeros(1))
    loss_of = mx.gluon.loss.SoftmaxCrossEntropyLoss()
    for step in range(load(net, trainer), steps):
        random = np.random.RandomState(step)  # draws the whole batch, however many processes share it
        data, label = random.normal(size=(BATCH, 6)), random.randint(0, 3, BATCH)
        with mx.autograd.record():
            loss = loss_of(net(mx.nd.array(data[rank::count])), mx.nd.array(label[rank::count])).sum()
        loss.backward()
        trainer.step(BATCH)
        total = mx.nd.zeros(1)
        losses.push("loss", loss.reshape(1))
        losses.pull("loss", out=total)
        if rank == 0:
            print(f"step {step} loss {total.asscalar():.9g}", flush=True)
        if fault == "stopped" and rank == 1 and step == 7 and LIFE == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
        if rank == 0 and (step + 1) % PERIOD == 0:
            if step == 9 and KILLS_AT_SAVING.get(fault, 0) > LIFE:
                die_at_write(LIFE)
            save(net, trainer, step + 1)
        time.sleep(pause)


def die_at_write(number):
    """Let this process be killed in the middle of writing the file of a number."""
    calls = []

    def die(descriptor):
        calls.append(descriptor)
        if len(calls) == 2 * number + 1:  # each file is brought to the disk, and then its folder
            os.kill(os.getpid(), signal.SIGKILL)

    os.fsync = die


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:3], *map(float, sys.argv[3:]))
