from glueball.core.group_module import GroupModule, own_names

MADE = []


def _group():
    MADE.clear()

    def find(name):
        MADE.append(name)
        return name.upper() if name in ("box_nms", "box_iou") else None

    return GroupModule("group", "A group.", find, lambda: ["box_nms", "box_iou"])


def test_a_function_is_made_when_it_is_asked_for():
    group = _group()
    assert group.box_nms == "BOX_NMS" == group.box_nms
    assert dir(group) == ["box_iou", "box_nms"] and not hasattr(group, "box_mns")
    assert "box_iou" not in own_names(group) and "box_iou" not in MADE


def test_a_program_finds_all_functions_in_the_dict():
    group = _group()
    assert "box_iou" in group.__dict__ and vars(group)["box_nms"] == "BOX_NMS"


def test_a_program_takes_a_function_out_and_puts_it_back():
    group = _group()
    function = group.__dict__.pop("box_nms")
    assert "box_nms" not in group.__dict__ and not hasattr(group, "box_nms") and dir(group) == ["box_iou"]
    group.box_nms = function
    assert "box_nms" in group.__dict__ and group.box_nms == "BOX_NMS"
