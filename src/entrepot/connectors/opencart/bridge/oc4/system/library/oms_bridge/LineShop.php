<?php
namespace OmsBridge;

/** OpenCart 4.0.2 and 4.1. A question mark in a trigger stands for the separator, which is "/" in 4.0 and "." in 4.1. */
class LineShop extends Shop
{
    public function line()
    {
        return 'oc4';
    }

    public function addHistory($order_id, $order_status_id, $comment, $notify)
    {
        $this->registry->get('load')->model('checkout/order');
        $this->registry->get('model_checkout_order')->addHistory((int)$order_id, (int)$order_status_id, (string)$comment, (bool)$notify);
    }

    public function events()
    {
        $action = 'extension/oms_bridge/event.';
        return array(
            array('catalog/model/checkout/order?addOrder/after', $action . 'orderAdded'),
            array('catalog/model/checkout/order?addHistory/after', $action . 'orderHistory'),
            array('catalog/model/checkout/order?deleteOrder/after', $action . 'orderDeleted'),
            array('admin/model/sale/order?deleteOrder/after', $action . 'orderDeleted'),
            array('admin/model/catalog/product?addProduct/after', $action . 'productAdded'),
            array('admin/model/catalog/product?editProduct/after', $action . 'productSaved'),
            array('admin/model/catalog/product?copyProduct/after', $action . 'productCopied'),
            array('admin/model/catalog/product?deleteProduct/after', $action . 'productDeleted'),
        );
    }

    public function startup()
    {
        return 'catalog/extension/oms_bridge/startup';
    }

    public function code()
    {
        return 'other_oms_bridge';
    }
}
