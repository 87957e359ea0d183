/** @file Transformers and their descendants, by their keys (known-network.ts). */

import type { KnownNetwork } from "./known-network.js";

export const TRANSFORMERS: readonly KnownNetwork[] = [
  {
    name: "a Swin V2 of timm's CR kind",
    called: /^swinv2cr/,
    keys: { timm: ["stages.N.blocks.N.attn.meta_mlp.fcN.weight"] },
  },
  {
    name: "a MaxViT",
    called: /^maxx?vit/,
    keys: {
      torchvision: ["layers.MBconv.layers.conv_a.N.weight"],
      timm: ["stages.N.blocks.N.attn_grid.attn.qkv.weight"],
    },
  },
  {
    name: "a CoAtNet",
    called: /^coatne/,
    keys: { timm: ["stages.N.blocks.N.convN_kxk.weight", "stages.N.blocks.N.attn.qkv.weight"] },
  },
  {
    name: "a PVT of the first version",
    called: /^pvt(?!v2)/,
    keys: {
      "the authors": ["pos_embedN", "blockN.N.attn.sr.weight", "blockN.N.mlp.fcN.weight"],
      "Hugging Face": ["pvt.encoder.patch_embeddings.N.projection.weight"],
    },
  },
  {
    name: "a Twins",
    called: /^twins/,
    keys: { timm: ["pos_block.N.proj.N.weight", "blocks.N.N.attn.proj.weight"] },
  },
  {
    name: "a LeViT",
    called: /^levit/,
    keys: {
      timm: ["stages.N.blocks.N.attn.attention_biases", "stages.N.blocks.N.attn.qkv.linear.weight"],
      "Hugging Face": ["encoder.stages.N.layers.N.module.attention_biases"],
    },
  },
  {
    name: "a MobileViT",
    called: /^mobilevit/,
    keys: {
      timm: ["stages.N.N.transformer.N.normN.weight", "stages.N.N.conv_NxN.weight"],
      "Hugging Face": ["mobilevit.conv_stem.convolution.weight"],
      "Hugging Face's V2": ["mobilevitvN.conv_stem.convolution.weight"],
    },
  },
  {
    name: "a FastViT",
    called: /^fastvit/,
    keys: { timm: ["stages.N.blocks.N.token_mixer.mixer.conv_scale.conv.weight"] },
  },
  {
    name: "a Hiera",
    called: /^hiera/,
    keys: {
      timm: ["blocks.N.attn.qkv.weight", "blocks.N.proj.weight", "patch_embed.proj.weight"],
      "Hugging Face": ["encoder.stages.N.layers.N.proj.weight", "encoder.stages.N.layers.N.attn.qkv.weight"],
    },
  },
  {
    name: "an MViT",
    keys: { timm: ["stages.N.blocks.N.attn.rel_pos_h", "stages.N.blocks.N.attn.pool_q.weight"] },
  },
  {
    name: "a CaiT",
    called: /^cait/,
    keys: { timm: ["blocks_token_only.N.attn.q.weight", "blocks.N.attn.proj_l.weight"] },
  },
  {
    name: "an XCiT",
    called: /^xcit/,
    keys: { timm: ["cls_attn_blocks.N.attn.q.weight", "blocks.N.attn.temperature"] },
  },
  { name: "a TNT", called: /^tnt/, keys: { timm: ["blocks.N.norm_in.weight", "pixel_embed.proj.weight"] } },
  { name: "a T2T-ViT", called: /^t2t/, keys: { "the authors": ["tokens_to_token.project.weight"] } },
  {
    name: "an MLP network (MLP-Mixer, gMLP or ResMLP)",
    called: /^(?:mixer|gmlp|gmixer|resmlp)/,
    keys: {
      timm: ["blocks.N.mlp_tokens.fcN.weight"],
      "timm's ResMLP": ["blocks.N.linear_tokens.weight"],
      "timm's gMLP": ["blocks.N.mlp_channels.gate.proj.weight"],
    },
  },
  {
    name: "a PoolFormer or another MetaFormer",
    called: /^(?:poolformer|caformer|convformer|randformer|identityformer)/,
    keys: {
      timm: ["stages.N.blocks.N.layer_scaleN.scale", "stages.N.blocks.N.mlp.fcN.weight"],
      "timm's with scaled residuals": ["stages.N.blocks.N.res_scaleN.scale"],
      "Hugging Face": ["poolformer.encoder.block.N.N.layer_scale_N"],
    },
  },
  {
    name: "an EfficientFormer",
    called: /^efficientformer/,
    keys: {
      timm: ["stages.N.blocks.N.token_mixer.attention_biases"],
      "timm's V2": ["stages.N.blocks.N.token_mixer.talking_headN.weight"],
    },
  },
  {
    name: "an EfficientViT",
    called: /^efficientvit/,
    keys: {
      timm: ["stages.N.blocks.N.context_module.main.qkv.conv.weight"],
      "the authors": ["stages.N.blocks.N.mixer.m.attn.qkvs.N.c.weight"],
    },
  },
  { name: "a RepViT", called: /^repvit/, keys: { timm: ["stages.N.blocks.N.channel_mixer.convN.c.weight"] } },
  { name: "a TinyViT", called: /^tinyvit/, keys: { timm: ["stages.N.blocks.N.local_conv.conv.weight"] } },
  {
    name: "a FocalNet",
    called: /^focalnet/,
    keys: {
      timm: ["layers.N.blocks.N.modulation.f.weight"],
      "Hugging Face": ["focalnet.embeddings.norm.weight"],
    },
  },
  {
    name: "a DaViT",
    called: /^davit/,
    keys: {
      timm: ["stages.N.blocks.N.channel_block.attn.qkv.weight"],
      "timm's older": ["stages.N.blocks.N.N.cpeN.proj.weight"],
    },
  },
  { name: "a GC ViT", called: /^gcvit/, keys: { timm: ["stem.down.conv_block.conv_dw.weight"] } },
  {
    name: "a VOLO",
    called: /^volo/,
    keys: { timm: ["network.N.N.attn.v.weight", "patch_embed.conv.N.weight"] },
  },
  {
    name: "a CoaT",
    called: /^coat(?!ne)/,
    keys: { timm: ["serial_blocksN.N.mlp.fcN.weight", "crpeN.conv_list.N.weight"] },
  },
  { name: "a ConViT", called: /^convit/, keys: { timm: ["blocks.N.attn.gating_param"] } },
  { name: "a CrossViT", called: /^crossvit/, keys: { timm: ["blocks.N.fusion.N.normN.weight"] } },
  { name: "a PiT", called: /^pit[a-z]/, keys: { timm: ["transformers.N.blocks.N.attn.qkv.weight"] } },
  { name: "a NesT", called: /^nest/, keys: { timm: ["levels.N.transformer_encoder.N.attn.qkv.weight"] } },
  {
    name: "a SegFormer",
    called: /^segformer|^mitb/,
    keys: {
      "Hugging Face": ["segformer.encoder.patch_embeddings.N.proj.weight"],
      "Hugging Face's later": ["segformer.stages.N.patch_embeddings.proj.weight"],
    },
  },
  {
    name: "a BEiT whose blocks share their relative positions, as in pretraining",
    keys: {
      timm: ["rel_pos_bias.relative_position_bias_table", "blocks.N.attn.qkv.weight", "cls_token"],
      "Hugging Face": [
        "encoder.relative_position_bias.relative_position_bias_table",
        "encoder.layer.N.lambda_N",
      ],
      "Hugging Face's later": ["shared_position_bias.relative_position_bias_table", "layers.N.lambda_N"],
    },
  },
  {
    name: "an EVA or a relative of it, as timm's DINOv3",
    called: /^eva/,
    // BEiT's
    without: "blocks.N.attn.relative_position_bias_table",
    keys: {
      timm: ["blocks.N.attn.q_proj.weight", "blocks.N.mlp.fcN_g.weight"],
      "timm's first": ["blocks.N.attn.q_bias", "blocks.N.attn.qkv.weight", "pos_embed"],
      "timm's later": ["blocks.N.gamma_N", "blocks.N.attn.qkv.weight"],
    },
  },
  {
    name: "a DINOv3",
    called: /^dinov3|^vit\w+dinov3/,
    keys: {
      "Hugging Face": [
        "layer.N.layer_scaleN.lambdaN",
        "embeddings.register_tokens",
        "model.layer.N.normN.weight",
      ],
    },
  },
  {
    name: "a CLIP of another kind",
    called:
      /^clip|^resnet\d+(?:x\d+)?clip|^vit\w+plusclip|^vit(?!xsmallpatch16|(?:base|medium)patch(?:16|32)|(?:large|huge|giant|gigantic)patch14)\w+clip/,
    keys: {
      OpenAI: ["visual.attnpool.positional_embedding", "visual.attnpool.q_proj.weight"],
      "open_clip's CoCa": ["attn_pool.query", "attn_pool.attn.q_proj_weight"],
    },
  },
  {
    name: "a SigLIP of another kind",
    called: /^siglip|^vit\w+siglip(?:gap|giantopt)|^vitgiantopt\w+siglip/,
    keys: { "timm's of any size": ["embeds.proj.weight", "attn_pool.latent"] },
  },
  {
    name: "a masked autoencoder with its decoder",
    called: /^(?:vit)?mae/,
    keys: {
      "Hugging Face": ["decoder.decoder_embed.weight", "decoder.decoder_pred.weight"],
      "the authors": ["decoder_blocks.N.attn.qkv.weight", "decoder_embed.weight"],
    },
  },
  {
    name: "a ViT with relative positions",
    called: /^vitrelpos|^vitsrelpos/,
    keys: {
      timm: ["blocks.N.attn.rel_pos.mlp.fcN.weight"],
      "timm's shared": ["shared_rel_pos.mlp.fcN.weight"],
    },
  },
];
