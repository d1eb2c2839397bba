"""Each line that ends in "# wrong" is one, and no other line is."""

import glueball as mx
from glueball import autograd, gluon, nd, sym
from glueball.gluon import nn


class Encoder(gluon.HybridBlock):
    def hybrid_forward(self, F, x) -> tuple[nd.NDArray, nd.NDArray]:
        return F.tanh(x), x


x = nd.ones((2, 3))
s = sym.var("data")
net = nn.Conv2D(3, 3)
trainer = gluon.Trainer(net.collect_params(), "sgd")
module = mx.mod.Module(s)

# names of arrays and of what is made of them
x.asnumpyy()  # wrong
x.shpae  # wrong
x.reshpe((3, 2))  # wrong
x.relu().asnumpyy()  # wrong
x[0].asnumpyy()  # wrong
(x + 1).asnumpyy()  # wrong
(2 / -x).asnumpyy()  # wrong
x.T.asnumpyy()  # wrong
x.copy().detach().asnumpyy()  # wrong
x.sum().backwards()  # wrong
x.list_arguments()  # wrong

# functions, and what is made by them
nd.reluu(x)  # wrong
nd.zeroes((2, 3))  # wrong
nd.random.unifrom(0, 1)  # wrong
nd.random.normal(0, 1, shape=(2,)).asnumpyy()  # wrong
nd.contrib.box_ious(x, x)  # wrong
nd.linalg.gem2(x, x)  # wrong
nd.relu(x).asnumpyy()  # wrong
nd.add(x, 1).asnumpyy()  # wrong
nd.concat(x, x, dim=0).asnumpyy()  # wrong
nd.topk(x, ret_typ="both").asnumpy()  # wrong
nd.moments(x, axes=0).asnumpy()  # wrong

# arguments
nd.clip(x, a_min=0)  # wrong
nd.clip(x, "0", 1)  # wrong
nd.relu(s)  # wrong
nd.relu(x, outt=x)  # wrong
nd.concat(x, s)  # wrong
nd.Activation(x, act_type="rleu")  # wrong
nd.Convolution(x, x, kernel_size=(3, 3), num_filter=3)  # wrong
nd.FullyConnected(x, x, num_hiden=3)  # wrong
nd.transpose(x, axes="01")  # wrong
x.sum(axs=1)  # wrong
x.mean(axis="0")  # wrong
x.one_hot()  # wrong
x + "1"  # wrong
x * s  # wrong
x.attach_grad(grad_reqs="add")  # wrong
nd.array([1], dtpe="int32")  # wrong

# symbols
s.list_argument()  # wrong
s.shape  # wrong
sym.reluu(s)  # wrong
sym.relu(x)  # wrong
sym.relu(s).list_argument()  # wrong
sym.FullyConnected(s, num_hidden="three")  # wrong
sym.Activation(s, act_type="rleu", name="act")  # wrong
sym.Pooling(s, nme="pool")  # wrong
(s * 2).infer_shapes(data=(1, 2))  # wrong
s.simple_bnd(mx.cpu())  # wrong

# blocks, and what they return
nn.Conv2D(3)  # wrong
nn.Conv2D(channels=3, kernel_sise=3)  # wrong
nn.Conv3d(3, 3)  # wrong
net.hybridise()  # wrong
net.collect_param()  # wrong
net.weight.dta()  # wrong
net(x).asnumpyy()  # wrong
net(s).shape  # wrong
nn.HybridSequential()(x).asnumpyy()  # wrong
gluon.loss.L2Loss()(x, x).means()  # wrong
Encoder()(x).asnumpy()  # wrong
Encoder()(x)[0].asnumpyy()  # wrong

# the rest
autograd.recrod()  # wrong
trainer.step()  # wrong
trainer.stepp(1)  # wrong
module.fitt(None)  # wrong
mx.nnd  # wrong
mx.gpu("0")  # wrong
mx.init.Xaiver()  # wrong
mx.metric.Acuracy()  # wrong

# arrays of mx.np
n = mx.np.ones((2, 3))
mx.np.summ(n)  # wrong
mx.npx.reluu(n)  # wrong
mx.np.random.norml(0, 1)  # wrong
mx.np.linalg.nrom(n)  # wrong
mx.np.sum(n, axes=1)  # wrong
mx.np.sum(n).asnumpyy()  # wrong
mx.np.concatenate([n, n]).shpae  # wrong
mx.np.split(n, 2).shape  # wrong
mx.npx.softmax(n, axs=1)  # wrong
n.asnumpyy()  # wrong
(n + 1).itemm()  # wrong
(1 - n).T.itemm()  # wrong
n.mean(axes=1)  # wrong
n.reshape(3, 2).shpae  # wrong
n[0].itemm()  # wrong
