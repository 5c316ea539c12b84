/* Nodes that the cyclic garbage collector does not walk.

   A node refers to older nodes only, so nodes never form a cycle, and reference counts alone free them. The collector
   does not know that: it walks every node of a growing graph again and again, which takes half the time of a
   training step. untrack(type) makes the type allocate objects that carry the collector's header, as its
   deallocator expects, but are not on the collector's lists. An untracked object counts as a reference from
   outside to whatever it refers to, so nothing is freed too early; were it part of a cycle, that cycle would leak.
   One way leads to a cycle: by checkpoint() or primitive() a node refers to the user's function, and an object that
   this function belongs to may keep the node. Then the object is not freed until it lets go of the node.
*/
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

static PyObject *
allocate(PyTypeObject *type, Py_ssize_t items)
{
    PyObject *object = PyObject_GC_New(PyObject, type);
    if (object != NULL) {
        memset((char *)object + sizeof(PyObject), 0, (size_t)type->tp_basicsize - sizeof(PyObject));
    }
    return object;
}

static PyObject *
untrack(PyObject *module, PyObject *argument)
{
    if (!PyType_Check(argument)) {
        PyErr_SetString(PyExc_TypeError, "untrack() takes a type");
        return NULL;
    }
    PyTypeObject *type = (PyTypeObject *)argument;
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || !(type->tp_flags & Py_TPFLAGS_HAVE_GC) || type->tp_itemsize != 0) {
        PyErr_Format(PyExc_TypeError, "untrack() takes a collected heap type of fixed size, got %s", type->tp_name);
        return NULL;
    }
    type->tp_alloc = allocate;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"untrack", untrack, METH_O, "Let objects of this type be allocated outside the cyclic garbage collector."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_untracked", "Nodes that the cyclic garbage collector does not walk.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__untracked(void)
{
    return PyModuleDef_Init(&definition);
}
