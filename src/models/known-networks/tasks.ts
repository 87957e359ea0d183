/** @file Networks for other tasks than classification, by their keys (known-network.ts). Their backbones may be in the other lists. */

import type { KnownNetwork } from "./known-network.js";

export const TASKS: readonly KnownNetwork[] = [
  {
    name: "a Faster, Mask or Keypoint R-CNN",
    called: /^(?:faster|mask|keypoint)rcnn/,
    keys: { torchvision: ["roi_heads.box_predictor.cls_score.weight"] },
  },
  {
    name: "a detector (RetinaNet, FCOS or SSD)",
    called: /^(?:retinanet|fcos|ssd)/,
    keys: {
      torchvision: ["head.classification_head.cls_logits.weight"],
      "torchvision's SSD": ["head.classification_head.module_list.N.weight"],
      "torchvision's SSDlite": ["head.classification_head.module_list.N.N.weight"],
    },
  },
  {
    name: "a DETR or YOLOS",
    called: /^(?:detr|yolos)/,
    keys: {
      "Hugging Face": ["class_labels_classifier.weight"],
      "Hugging Face's YOLOS": ["class_labels_classifier.layers.N.weight"],
    },
  },
  {
    name: "a YOLO",
    called: /^yolo/,
    keys: { Ultralytics: ["model.N.conv.weight", "model.N.cvN.conv.weight", "model.N.m.N.cvN.conv.weight"] },
  },
  {
    name: "a segmentation network (U-Net, DeepLab, FPN, ...)",
    called: /^(?:u?net|unetplusplus|deeplab|fcn|linknet|pspnet|lraspp|upernet)/,
    keys: {
      segmentation_models_pytorch: ["segmentation_head.N.weight", "encoder.convN.weight"],
      "segmentation_models_pytorch's other": ["segmentation_head.N.weight"],
      "torchvision's DeepLabV3": ["classifier.N.convs.N.N.weight"],
      "torchvision's LR-ASPP": ["classifier.low_classifier.weight"],
      "Hugging Face's UPerNet": ["decode_head.fpn_convs.N.conv.weight"],
    },
  },
  {
    name: "a SAM",
    called: /^sam(?!e|p)|^samvit/,
    keys: {
      "Hugging Face": ["mask_decoder.iou_token.weight"],
      timm: ["blocks.N.attn.rel_pos_h", "neck.N.weight"],
      "timm's SAM 2": ["blocks.N.attn.qkv.weight", "pos_embed_window"],
    },
  },
];
